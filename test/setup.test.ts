import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'

const root = mkdtempSync(join(tmpdir(), 'buylink-setup-'))
after(() => rmSync(root, { recursive: true, force: true }))

const lockfile = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'buylink' },
      'node_modules/a': { version, integrity: `sha512-${version}` },
      'node_modules/b': { version: '1.0.0', dev: true },
      'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['plan9'] },
    },
  })

/** Stands in for npm: writes down that it was called, takes its time, and installs what the lockfile says. */
const NPM = `
  const fs = require('node:fs')
  fs.appendFileSync('calls', process.argv[2] + '\\n')
  if (fs.existsSync('broken')) process.exit(7)
  setTimeout(() => {
    const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
    delete packages['']
    delete packages['node_modules/elsewhere']
    for (const path of Object.keys(packages)) fs.mkdirSync(path, { recursive: true })
    fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }))
  }, 300)`

let count = 0
/** A fresh clone. */
function clone(): string {
  const folder = join(root, String(++count))
  cpSync(join(import.meta.dirname, '../scripts'), join(folder, 'scripts'), { recursive: true })
  writeFileSync(join(folder, 'package-lock.json'), lockfile('1.0.0'))
  writeFileSync(join(folder, 'npm.js'), NPM)
  return folder
}

async function setUp(folder: string, event = 'pretest'): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, ['scripts/setup.mjs'], {
    cwd: folder,
    env: { ...process.env, npm_execpath: join(folder, 'npm.js'), npm_lifecycle_event: event },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const status = new Promise<number | null>((resolve) => void child.once('close', resolve))
  return { said: await text(child.stderr), status: await status }
}

const calls = (folder: string): string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []

test('a fresh clone is installed from the lockfile once, and then nothing is said or done', async () => {
  const folder = clone()
  const { status, said } = await setUp(folder)
  assert.equal(status, 0)
  assert.match(said, /^Installing packages .* …\nInstalling packages .*: done in [\d.]+ s\n$/)
  assert.deepEqual(await setUp(folder), { status: 0, said: '' })
  assert.deepEqual(calls(folder), ['ci'])
})

test('a changed lockfile is installed again', async () => {
  const folder = clone()
  await setUp(folder)
  writeFileSync(join(folder, 'package-lock.json'), lockfile('2.0.0'))
  await setUp(folder)
  assert.deepEqual(calls(folder), ['ci', 'ci'])
})

test('packages that someone installed with npm alone count', async () => {
  const folder = clone()
  await setUp(folder)
  rmSync(join(folder, 'node_modules/.setup-stamp'))
  assert.deepEqual(await setUp(folder), { status: 0, said: '' })
  assert.deepEqual(calls(folder), ['ci'])
})

test('the server starts without the packages that only tests need, tests do not', async () => {
  const folder = clone()
  await setUp(folder)
  rmSync(join(folder, 'node_modules/.setup-stamp'))
  rmSync(join(folder, 'node_modules/b'), { recursive: true })
  const { 'node_modules/a': a } = JSON.parse(lockfile('1.0.0')).packages
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': a } }))
  assert.deepEqual(await setUp(folder, 'prestart'), { status: 0, said: '' })
  assert.deepEqual(calls(folder), ['ci'])
  await setUp(folder, 'pretest')
  assert.deepEqual(calls(folder), ['ci', 'ci'])
})

test('two at once install once', async () => {
  const folder = clone()
  const both = await Promise.all([setUp(folder, 'prestart'), setUp(folder, 'pretest')])
  assert.deepEqual(
    both.map(({ status }) => status),
    [0, 0],
  )
  assert.deepEqual(calls(folder), ['ci'])
  assert.ok(both.some(({ said }) => said.startsWith('Waiting for another set-up')))
})

test('the lock of a set-up that was killed is taken over', async () => {
  const folder = clone()
  mkdirSync(join(folder, '.cache'))
  writeFileSync(join(folder, '.cache/setup.lock'), '4194304')
  assert.equal((await setUp(folder)).status, 0)
  assert.equal(existsSync(join(folder, '.cache/setup.lock')), false)
})

test('a failing installation fails the command, and gives the lock back', async () => {
  const folder = clone()
  writeFileSync(join(folder, 'broken'), '')
  const { status, said } = await setUp(folder)
  assert.equal(status, 7)
  assert.match(said, /Failed: .* ci .*\(status 7\)\n$/)
  assert.equal(existsSync(join(folder, '.cache/setup.lock')), false)
})
