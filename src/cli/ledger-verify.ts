import { command } from './command.ts'

/** Has the server add up its books. Exit code 1 when something does not fit. */
export const ledgerVerify = command({
  name: 'ledger verify',
  summary: 'Have the server add up its books and say what does not fit',
  options: { json: { type: 'boolean', help: 'write the answer as JSON' } },
  async run({ json }, { io, client }) {
    const verification = await client('authenticated').ledger.verification()
    const { ok, checked, problems } = verification
    if (json) io.out(JSON.stringify(verification))
    else {
      io.out(ok ? 'The books are in order.' : 'The books are NOT in order.')
      io.out(`  ${checked.postings} postings, ${checked.entries} entries and ${checked.accounts} accounts checked`)
      for (const { code, message } of problems) io.out(`Error: ${message} (${code})`)
    }
    return ok ? 0 : 1
  },
})
