import { command } from './command.ts'

/** Writes a reseller's configuration file to standard output. */
export const exportConfiguration = command({
  name: 'export',
  summary: 'Write a reseller’s catalogue, prices, stores, brand and managers as a configuration file',
  options: {
    reseller: { type: 'string', value: 'ID', help: 'id of the reseller’s tenant; by default your client’s own' },
  },
  async run({ reseller }, { io, client }) {
    const { file } = await client('authenticated').configuration.export(reseller)
    await io.write(file)
    return 0
  },
})
