import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { temporaryDataDir } from '../test/harness/server.ts'
import { defer } from './cleanup.ts'
import { startMember } from './cluster.ts'
import { expectRecovery, expectWhole, setFaultStage, underLoad } from './fault-stage.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

const MIB = 1_048_576

/** A disk that is full: what cannot be written is refused in a clear way, and what was acknowledged is there afterwards. */
export async function fillDisk(tally: Tally, random: Random): Promise<void> {
  const folder = await smallDisk(220)
  if (folder === undefined) return tally.notChecked('a full disk: that needs root and a tmpfs')
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  chmodSync(dataDir, 0o711)
  const quiet = { info: () => undefined, warn: () => undefined }
  const settings = { max_wal_size: '32MB', min_wal_size: '32MB', wal_keep_size: '0' }
  let database = await startEmbeddedPostgres({ dataDir, log: quiet, settings })
  defer(() => database.stop())
  const server = await startMember({ address: database.connectionString })
  const stage = await setFaultStage(server, database.connectionString, random, tally)
  let hasEnded = false
  database.onExit(() => (hasEnded = true))
  const ballast = join(folder, 'ballast')
  await underLoad(stage, async () => {
    fill(ballast)
    await sleep(6_000)
    const answer = await stage.people.program.request('GET', '/healthz').catch(() => undefined)
    if (answer?.status !== 200) tally.problem('wrong', `with a full disk /healthz answers ${answer?.status}`)
    rmSync(ballast)
    // A PostgreSQL that cannot write its log ends, and whoever runs it starts it again.
    if (hasEnded) {
      await database.stop().catch(() => undefined)
      database = await startEmbeddedPostgres({ dataDir, log: quiet, settings })
    }
    await expectRecovery(server, tally, 'after a full disk', 60_000)
  })
  await expectWhole(stage, 'after a full disk')
  tally.count('faults')
  tally.say(`the disk was full${hasEnded ? ', and PostgreSQL ended of it' : ''}`)
  await server.stop()
}

/** @returns A folder on a disk of its own; undefined where that is not allowed. */
async function smallDisk(mebibytes: number): Promise<string | undefined> {
  const folder = await temporaryDataDir()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=711`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  defer(() => execFileSync('umount', ['-l', folder]))
  return folder
}

function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB))
  } catch {
    // Full, which is what it is for.
  } finally {
    closeSync(file)
  }
}
