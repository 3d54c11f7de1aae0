import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startServer, temporaryDataDir } from '../test/harness/server.ts'
import { memberSettings, startDatabase, startMember } from './cluster.ts'
import { expectWhole, setFaultStage, underLoad } from './fault-stage.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

const ROOT = join(import.meta.dirname, '..')

const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()

/** What is upgraded from: the last tag; before there is one, the state before the newest migration. */
function previousVersion(): string | undefined {
  try {
    const tag = git('tag', '--sort=-creatordate', '--merged').split('\n')[0]
    if (tag) return tag
    const newest = git('log', '--format=%H', '--diff-filter=A', '-1', '--', 'migrations')
    return newest && `${newest}^`
  } catch {
    return undefined
  }
}

/** That version in a folder of its own, with our packages and its own pages. */
async function checkOut(version: string): Promise<string> {
  const folder = await temporaryDataDir()
  const archive = execFileSync('git', ['archive', version], { cwd: ROOT, maxBuffer: 2 ** 28 })
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, ['scripts/build-pages.mjs'], { cwd: folder, stdio: 'ignore' })
  return folder
}

/**
 * The previous version serves customers while this one starts beside it, brings the tables up to date, and takes over:
 * both work side by side for a while, and nothing that either of them acknowledged is lost.
 */
export async function upgradeSideBySide(tally: Tally, random: Random): Promise<void> {
  const version = previousVersion()
  if (version === undefined) return tally.notChecked('an upgrade: there is no history to upgrade from')
  const folder = await checkOut(version)
  const start = join(folder, 'scripts/start.mjs')
  if (!existsSync(start)) return tally.notChecked(`an upgrade from ${version}: it cannot be started`)
  const { address } = await startDatabase()
  const port = await freePort()
  const before = await startServer({ port, args: [start], env: memberSettings(address, `http://localhost:${port}`) })
  const stage = await setFaultStage(before, address, random, tally)
  await underLoad(stage, async () => {
    await sleep(1_500)
    const beside = await startMember({ address, publicUrl: before.origin })
    await sleep(4_000)
    await before.stop()
    const after = await startServer({ port, args: ['scripts/start.mjs'], env: memberSettings(address, before.origin) })
    if (!after.origin.endsWith(String(port))) tally.problem('wrong', 'the new server took another address')
    await sleep(1_500)
    await beside.stop()
  })
  await expectWhole(stage, `after the upgrade from ${version}`)
  tally.count('faults')
  tally.say(`upgraded from ${version} side by side`)
}
