import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than the slowest installation; a holder that is older than this hangs. */
const STALE_MS = 20 * 60_000

/**
 * Runs `work` while no other process does, so that `npm start` and `npm test` in one clone do not install into each
 * other. A lock whose holder is gone is taken over. `process.exit` in `work` gives the lock back too.
 */
export async function withLock(path, work) {
  try {
    mkdirSync(dirname(path), { recursive: true })
    accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    process.stderr.write(`Cannot write to ${dirname(path)} (${error.code}): set up this folder as its owner\n`)
    process.exit(1)
  }
  for (let isTold = false; !tryCreate(path); isTold = true) {
    if (isStale(path)) {
      rmSync(path, { force: true })
      continue
    }
    if (!isTold) process.stderr.write('Waiting for another set-up of this folder …\n')
    await sleep(200)
  }
  const giveBack = () => rmSync(path, { force: true })
  process.once('exit', giveBack)
  // Ctrl-C ends the installer as well; the lock goes with us.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  work()
  giveBack()
  process.off('exit', giveBack)
}

function tryCreate(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

function isStale(path) {
  try {
    const ageMs = Date.now() - statSync(path).mtimeMs
    const pid = Number(readFileSync(path, 'utf8'))
    // An empty file is being written right now, unless it has been for long.
    if (ageMs > STALE_MS || (!pid && ageMs > 5_000)) return true
    if (!pid) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
