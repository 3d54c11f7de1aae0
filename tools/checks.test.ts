import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { checks } from './checks.ts'

const project = join(import.meta.dirname, '..')
const root = mkdtempSync(join(tmpdir(), 'buylink-checks-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** A small project that is in order, under this project's own settings. */
const house = {
  'src/server.ts': `import { start } from './platform/start.ts'\n\nvoid start()\n`,
  'src/platform/start.ts': `export async function start(): Promise<number> {\n  return 1\n}\n`,
}

let count = 0
async function findings(name: string, files: Record<string, string>): Promise<string> {
  const folder = join(root, String(++count))
  for (const [path, text] of Object.entries({ ...house, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const file of ['package.json', 'tsconfig.json', 'biome.json', '.oxlintrc.json', 'knip.json'])
    copyFileSync(join(project, file), join(folder, file))
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  const check = checks.find((one) => one.name === name)
  assert.ok(check)
  return check.run(folder)
}

const planted: [check: string, fault: string, path: string, text: string, finding: RegExp][] = [
  ['format', 'double quotes', 'src/a.ts', 'export const a = "1"\n', /src\/a\.ts/],
  ['types', 'a number for a text', 'src/a.ts', `export const a: string = 1\n`, /src\/a\.ts\(1,14\): error TS2322/],
  ['types', 'an index that may miss', 'src/a.ts', `export const a: string = ['a'][1]\n`, /TS2322/],
  [
    'lint',
    'a promise nobody waits for',
    'src/server.ts',
    house['src/server.ts'].replace('void ', ''),
    /no-floating-promises/,
  ],
  ['lint', 'any', 'src/a.ts', 'export const a: any = 1\n', /no-explicit-any/],
  [
    'dead code',
    'an export that nobody imports',
    'src/platform/start.ts',
    `${house['src/platform/start.ts']}export const unused = 1\n`,
    /unused/,
  ],
  [
    'dead code',
    'a file that nobody imports',
    'src/platform/lost.ts',
    'export const a = 1\n',
    /src\/platform\/lost\.ts/,
  ],
  [
    'imports',
    'a cycle',
    'src/platform/start.ts',
    `import '../server.ts'\n${house['src/platform/start.ts']}`,
    /no-cycles/,
  ],
  ['tidiness', 'a clock', 'src/platform/start.ts', `${house['src/platform/start.ts']}Date.now()\n`, /take a Clock/],
]
for (const [check, fault, path, text, finding] of planted)
  test(`${check} finds ${fault}`, async () => assert.match(await findings(check, { [path]: text }), finding))

for (const { name } of checks.filter((check) => check.name !== 'dead code'))
  test(`${name} finds nothing in what is in order`, async () => assert.equal(await findings(name, {}), ''))
