import { readdirSync, readFileSync } from 'node:fs'

/** What the operating system accounts to processes (proc(5)); Linux only, NaN elsewhere. */

/** Ticks a second of the times in `/proc/<pid>/stat`: 100 on every Linux that Node runs on. */
const TICKS = 100

/** CPU seconds that a process has used so far, all its threads together. */
export const cpuSeconds = (pid: number): number => fieldsOf(pid).own

/** The same of a PostgreSQL: postmaster, backends, and backends that have ended. */
export function cpuSecondsOfPostgres(postmaster: number): number {
  const { own, ended } = fieldsOf(postmaster)
  return childrenOf(postmaster).reduce((sum, pid) => sum + (fieldsOf(pid).own || 0), own + ended)
}

/** Resident memory of a process in MiB: now, and the most it ever was. */
export function residentMiB(pid: number): { now: number; peak: number } {
  const status = read(`/proc/${pid}/status`)
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN)
  return { now: kib('VmRSS') / 1024, peak: kib('VmHWM') / 1024 }
}

/** Memory of a PostgreSQL in MiB, each shared page counted once among its processes. */
export const residentMiBOfPostgres = (postmaster: number): number =>
  [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => {
    const kib = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1]
    return sum + (kib === undefined ? Number.NaN : Number(kib) / 1024)
  }, 0)

function fieldsOf(pid: number): { own: number; ended: number } {
  const stat = read(`/proc/${pid}/stat`)
  // The name in field 2 may hold blanks and brackets; what follows its last `)` starts with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const seconds = (index: number) => Number(fields[index] ?? Number.NaN) / TICKS
  return { own: seconds(11) + seconds(12), ended: seconds(13) + seconds(14) }
}

function childrenOf(parent: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]) === parent)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
