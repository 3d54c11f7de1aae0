import { cpus, loadavg, totalmem } from 'node:os'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { embeddedBinaries } from '../src/platform/postgres/binaries.ts'
import { UNLIMITED } from './order.ts'
import type { Effort } from './claim.ts'
import { limitTool } from './pgbench.ts'

/** What a figure depends on, one line each. */
export function conditions({ stores, plansEach, rounds, maxOrders, orderCallers }: Effort): string[] {
  const [cpu] = cpus()
  const { binFolder, libFolder } = embeddedBinaries()
  const version = execFileSync(join(binFolder, 'postgres'), ['--version'], {
    encoding: 'utf8',
    env: { ...(libFolder && { LD_LIBRARY_PATH: libFolder }) },
  })
  return [
    `CPU          ${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}; ${Math.round(totalmem() / 2 ** 30)} GiB; load average now ${loadAverage()}`,
    `Node         ${process.version}, as \`npm start\` runs it; PostgreSQL's CPU and memory are told apart`,
    `PostgreSQL   ${version.trim().replace(/^postgres \(PostgreSQL\) /, '')}, as embedded: fsync on, synchronous_commit on, full_page_writes on, shared_buffers 128 MB; max_connections 200 for \`dispatch\` and \`order\``,
    `rows         ${stores} stores, ${stores * plansEach} plans, ${stores * plansEach * 5} plan resources; \`order\`: ${2 * maxOrders + stores * Math.max(1, Math.round(maxOrders / stores))} accounts, ${3 * maxOrders} earlier orders`,
    `turns        ours, limit, ours, limit …; up to ${rounds} rounds (\`order\`, \`start\`: up to 3); median [min … max]`,
    `shared       loader, limit and server share the cores; the loader is one process with one thread`,
    `rate limits  off for one API client alone: BUYLINK_UNLIMITED_CLIENTS=${UNLIMITED}`,
    `callers      \`dispatch\`, \`page\`: 32; \`order\`: ${orderCallers.join(' and ')}, its limit by ${limitTool()}`,
  ]
}

export const loadAverage = (): string =>
  loadavg()
    .map((value) => value.toFixed(2))
    .join(' ')
