import { command, UsageError } from './command.ts'

/** Asks the server why a user sees what they see. Exit code 1 when they belong to another tenant than the one given. */
export const upsellExplain = command({
  name: 'upsell explain',
  summary: 'Ask the server why a user sees which upsell, here and now, with the link',
  options: {
    tenant: { type: 'string', value: 'ID', help: 'the customer (UUID)' },
    user: { type: 'string', value: 'ID', help: 'the user (UUID)' },
    page: { type: 'string', value: 'URL', help: 'the page of the click: redirect_url of the links' },
    json: { type: 'boolean', help: 'write the answer as JSON' },
  },
  async run({ tenant, user, page, json }, { io, client }) {
    if (tenant === undefined || user === undefined) throw new UsageError('Give --tenant and --user.')
    const explanation = await client('authenticated').upsell.explain(user, page)
    const isTheirs = explanation.tenant_id === tenant.toLowerCase()
    if (json) io.out(JSON.stringify(explanation))
    else {
      if (!isTheirs) io.out(`The user belongs to ${explanation.tenant_id ?? 'no customer'}, not to ${tenant}.`)
      io.out(`  Buyer                  ${explanation.is_buyer ? 'yes' : 'no'}`)
      io.out(`  Company administrator  ${explanation.is_company_administrator ? 'yes' : 'no'}`)
      io.out(`  Brand enabled          ${explanation.is_branded ? 'yes' : 'no'}`)
      io.out(`  Buy URL                ${explanation.buy_url || 'none'}`)
      for (const { place, shows, why, url } of explanation.places) {
        io.out(`${place}: ${shows === 'buy_now' ? 'Buy now' : shows === 'contact' ? 'contact sales' : 'nothing'}`)
        io.out(`  ${why}`)
        if (url) io.out(`  ${url}`)
      }
    }
    return isTheirs ? 0 : 1
  },
})
