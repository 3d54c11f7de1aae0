import { readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { isAlive, processesIn, waitUntil, worksIn } from './processes.ts'

/** What PostgreSQL says of itself in `postmaster.pid` (miscadmin.h, "LOCK_FILE_LINE_…"). */
export interface Postmaster {
  readonly pid: number
  readonly socketFolder: string
  readonly isReady: boolean
}

export function readPostmaster(clusterFolder: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(clusterFolder, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return undefined
    return { pid, socketFolder: lines[4] ?? '', isReady: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/**
 * Ends what a killed server left behind: it was our child, its clients are gone, and a new child tells us when it
 * ends, which an adopted one would not. Then waits for processes that outlive a killed postmaster, and removes the
 * files that name it: its number may be a stranger's by now, or, where nobody collects the dead (process 1 of many
 * containers), its own still, and PostgreSQL would refuse to start.
 *
 * Call it only with the data directory locked.
 *
 * @throws {StartError} Something still uses the files.
 */
export async function endLeftover(clusterFolder: string, info: (message: string) => void): Promise<void> {
  const left = readPostmaster(clusterFolder)
  if (left) await endPostmaster(left, clusterFolder, info)
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock', '.s.PGSQL.5432'])
    rmSync(join(clusterFolder, name), { force: true })
}

async function endPostmaster(left: Postmaster, clusterFolder: string, info: (message: string) => void): Promise<void> {
  if (isAlive(left.pid) && worksIn(left.pid, clusterFolder)) {
    info(`Ending the PostgreSQL (process ${left.pid}) that a killed server left behind`)
    process.kill(left.pid, 'SIGINT')
    const isGone = () => !worksIn(left.pid, clusterFolder)
    if (!(await waitUntil(isGone, 30_000))) process.kill(left.pid, 'SIGQUIT')
    await waitUntil(isGone, 10_000)
  } else if (await accepts(join(left.socketFolder, '.s.PGSQL.5432')))
    throw new StartError(
      `A PostgreSQL that this machine's process list does not show (in another container?) uses ${clusterFolder}: stop it first`,
    )
  if (!(await waitUntil(() => processesIn(clusterFolder).length === 0, 10_000)))
    throw new StartError(`Process ${processesIn(clusterFolder).join(', ')} still uses ${clusterFolder}: end it first`)
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
