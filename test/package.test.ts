import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'buylink-package-'))
const installed = join(folder, 'node_modules/buylink')

before(() => {
  execFileSync(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(root, 'tsconfig.package.json'),
    '--outDir',
    join(installed, 'dist'),
  ])
  for (const file of ['package.json', 'bin']) cpSync(join(root, file), join(installed, file), { recursive: true })
})
after(() => rmSync(folder, { recursive: true, force: true }))

const LINK =
  'https://shop.example.com/external_dispatcher/settle?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'

test('an installed package offers buylink/link to a program', () => {
  const program = `import { build, parse } from 'buylink/link'
    const url = build({ domain: 'shop.example.com', application: { plan_id: '425', plan_period_id: '1840' } })
    if (parse(url).errors.length > 0) throw new Error('not read back')
    console.log(url)`
  writeFileSync(join(folder, 'program.mjs'), program)
  assert.equal(execFileSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' }).trim(), LINK)
})

test('and its command line runs where TypeScript cannot', () => {
  const args = ['link', 'build', '--domain', 'shop.example.com', '--plan', '425', '--period', '1840']
  const said = execFileSync(process.execPath, [join(installed, 'bin/buylink.js'), ...args], { encoding: 'utf8' })
  assert.equal(said.trim(), LINK)
})
