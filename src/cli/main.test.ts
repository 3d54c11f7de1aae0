import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runCli } from './testing.ts'

const BIN = fileURLToPath(new URL('../../bin/buylink.js', import.meta.url))

test('lists the commands when asked, and when it cannot tell which is meant', async () => {
  const help = await runCli(['--help'])
  assert.equal(help.code, 0)
  assert.match(help.out, /link parse .*\n\s+link build .*\n\s+link explain .*\n[^]*\s+ledger verify /)
  for (const argv of [[], ['link'], ['link', 'prase'], ['parse']]) {
    const { code, out, err } = await runCli(argv)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, /Usage: buylink COMMAND/)
  }
})

test('says how a command is used, without doing it', async () => {
  const { code, out } = await runCli(['link', 'build', '--plan', '1', '--help'])
  assert.equal(code, 0)
  assert.match(out, /^Usage: buylink link build \[OPTIONS\]\n[^]*--resource ID=QUANTITY +preset/)
})

test('runs from the clone with nothing built, one answer a line', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'link', 'parse'], {
    input: '?a=1\n?a=%\n',
    encoding: 'utf8',
  })
  assert.deepEqual([status, stderr], [0, ''])
  assert.equal(stdout.split('\n').length, 3)
})

test('hands its exit code on', () => {
  assert.equal(spawnSync(process.execPath, [BIN, 'link', 'build'], { encoding: 'utf8' }).status, 2)
})

test('answers a line before the next one comes', async () => {
  const child = spawn(process.execPath, [BIN, 'link', 'parse'], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write('?a=1\n')
  const [answer] = await once(child.stdout, 'data')
  assert.match(String(answer), /^\{"params":\{"a":"1"\}/)
  child.stdin.end()
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('ends quietly when its reader goes away', async () => {
  const child = spawn(process.execPath, [BIN, 'link', 'parse'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', (text) => (err += text))
  child.stdin.on('error', () => {}) // it stops reading too
  child.stdin.write('?a=1\n'.repeat(50_000))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stdin.end()
  const [code] = await once(child, 'exit')
  assert.deepEqual([code, err], [0, ''])
})

test('keeps memory small when its reader is slow', async () => {
  const child = spawn(process.execPath, [BIN, 'link', 'parse'], { stdio: ['pipe', 'pipe', 'inherit'] })
  // Nobody reads: the command must stop taking input once the pipes are full, so the writer is told to wait.
  const chunk = '?a=1\n'.repeat(10_000)
  let isTaken = true
  for (let round = 0; round < 200 && isTaken; round++) {
    isTaken = child.stdin.write(chunk) || (await Promise.race([once(child.stdin, 'drain').then(() => true), wait(500)]))
  }
  assert.equal(isTaken, false)
  child.kill()
  await once(child, 'exit')
})

const wait = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(resolve, ms, false))
