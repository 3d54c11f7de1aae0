import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checkImports } from './imports.ts'

const root = mkdtempSync(join(tmpdir(), 'buylink-imports-'))
after(() => rmSync(root, { recursive: true, force: true }))

let count = 0
/** What is found in a house of these files: path → imported path, below `src`. */
async function found(imports: Record<string, string>): Promise<string[]> {
  const folder = join(root, String(++count))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, 'src', path)), { recursive: true })
    writeFileSync(join(folder, 'src', path), text)
  }
  for (const target of Object.values(imports)) write(target, 'export const x = 1\n')
  for (const [path, target] of Object.entries(imports))
    write(
      path,
      `import { x } from '${'../'.repeat(path.split('/').length - 1)}${target}'\nexport const y: number = x\n`,
    )
  return checkImports(folder)
}

for (const { name, from, to, rule } of [
  { name: 'the kernel using the platform', from: 'kernel/a.ts', to: 'platform/db.ts', rule: 'kernel-is-pure' },
  { name: 'the codec using the kernel', from: 'link/a.ts', to: 'kernel/ids.ts', rule: 'link-stands-alone' },
  {
    name: 'the platform using a capability',
    from: 'platform/a.ts',
    to: 'users/index.ts',
    rule: 'platform-knows-no-capability',
  },
  { name: "another capability's store", from: 'orders/a.ts', to: 'ledger/store.ts', rule: 'front-door-only' },
  { name: 'a capability above', from: 'ledger/a.ts', to: 'orders/index.ts', rule: 'ledger-calls-down' },
  {
    name: 'the demonstration from below',
    from: 'tenants/a.ts',
    to: 'demonstration/index.ts',
    rule: 'tenants-calls-down',
  },
  { name: 'rules with effects', from: 'quotas/rules.ts', to: 'platform/db.ts', rule: 'rules-are-pure' },
  {
    name: 'a capability using a page',
    from: 'orders/a.ts',
    to: 'web/store/page.ts',
    rule: 'capabilities-know-no-client',
  },
  {
    name: "a store page using a capability's inside",
    from: 'web/store/a.ts',
    to: 'catalog/store.ts',
    rule: 'pages-use-the-front-door',
  },
  { name: 'the panel using a capability', from: 'web/panel/a.ts', to: 'orders/index.ts', rule: 'panel-speaks-http' },
  { name: 'a command using the platform', from: 'cli/a.ts', to: 'platform/db.ts', rule: 'cli-speaks-http' },
  { name: 'anyone using the server', from: 'cli/backup.ts', to: 'server.ts', rule: 'only-the-server-knows-everyone' },
] satisfies { name: string; from: string; to: string; rule: string }[])
  test(`finds ${name}`, async () => assert.deepEqual(await found({ [from]: to }), [`src/${from} → src/${to}: ${rule}`]))

test('finds a cycle', async () => {
  const violations = await found({ 'users/a.ts': 'users/b.ts', 'users/b.ts': 'users/a.ts' })
  assert.ok(violations.some((line) => line.endsWith('no-cycles')))
})

test('finds a folder that has no place', async () => {
  assert.deepEqual(await found({ 'helpers/a.ts': 'kernel/b.ts' }), [
    'src/helpers: has no place in the order (tools/import-rules.ts)',
  ])
})

for (const [from, to] of [
  ['orders/place-order.ts', 'ledger/index.ts'],
  ['orders/rules.ts', 'catalog/rules.ts'],
  ['web/store/page.tsx', 'catalog/index.ts'],
  ['web/panel/page.tsx', 'sdk/index.ts'],
  ['web/panel/page.tsx', 'web/messages/text.ts'],
  ['cli/backup.ts', 'platform/config.ts'],
  ['server.ts', 'orders/index.ts'],
  ['tenants/a.test.ts', 'orders/index.ts'],
] as const)
  test(`lets ${from} use ${to}`, async () => assert.deepEqual(await found({ [from]: to }), []))

test('finding nothing to check is a failure', async () => {
  const folder = join(root, 'empty/src')
  mkdirSync(folder, { recursive: true })
  assert.match((await checkImports(dirname(folder))).join(), /the checker cannot read them/)
})
