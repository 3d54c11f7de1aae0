import type { SubscriptionId, TenantId } from '../kernel/ids.ts'
import { type Clock, MINUTE_MS } from '../kernel/time.ts'
import { type Principal, systemLabel } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AskService, duePulls, type Pull, savePull } from '../provisioning/index.ts'
import { systemActor } from '../tenants/index.ts'
import type { UsageIntake } from '../quotas/index.ts'
import { readEvent } from '../usage/index.ts'
import { servedTenants } from './served-view.ts'
import { type PulledUsage, readPulled, readTold } from './pulled-usage.ts'
import { takeAmounts } from './take-amounts.ts'
import { toldBelow } from './told-view.ts'

export interface PullDeps {
  readonly db: Db
  readonly clock: Clock
  readonly ask: AskService
  readonly usage: Pick<UsageIntake, 'report'>
  readonly onError: (error: unknown) => void
}

/** Pages of one answer after the other; what is left is asked for with the next pull. */
const MOST_PAGES = 20
const BATCH = 50
const MOST_BYTES = 1_048_576

/**
 * Asks every service whose time has come for what was used since it was asked last, and takes its events and amounts as if it had
 * pushed them: known ones, by the service's name and their id, change nothing. The cursor is kept after the events are,
 * so what a crash cuts off is asked for again; answers that repeat or overlap give the same charges.
 */
export async function pullUsage(deps: PullDeps): Promise<void> {
  const { db, clock, onError } = deps
  for (const pull of await duePulls(db, clock, BATCH)) {
    const nextAt = new Date(clock.now().getTime() + pull.pullMinutes * MINUTE_MS)
    try {
      let cursor: string | undefined = pull.cursor
      for (let page = 0; cursor !== undefined && page < MOST_PAGES; page++)
        cursor = await pullPage(deps, { ...pull, cursor }, nextAt)
    } catch (error) {
      onError(error)
      const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500)
      await savePull(db, pull, { failure, pullAt: nextAt }, clock.now())
    }
  }
}

/** @returns The cursor of what there is more of; undefined: nothing now. */
async function pullPage({ db, clock, ask, usage }: PullDeps, pull: Pull, nextAt: Date): Promise<string | undefined> {
  const answer = await ask(pull, {
    id: `pull_${pull.sellerId}_${pull.name}_${clock.now().getTime()}`,
    body: { type: 'usage.requested', timestamp: clock.now().toISOString(), data: { cursor: pull.cursor } },
    maxAnswerBytes: MOST_BYTES,
  })
  if (answer.status < 200 || answer.status >= 300) throw new Error(`The service answered ${answer.status}`)
  const pulled = answer.isTruncated ? undefined : readPulled(answer.body)
  if (!pulled) throw new Error('The service answered what is no list of usage')
  const told = pulled.amounts.map(readTold)
  const named = [...pulled.events.map((event) => event.subscription_id), ...told.map((each) => each.subscriptionId)]
  const tenants = await servedTenants(db, pull, [...new Set(named)])
  const actor = systemActor(pull.sellerId, pull.sellerId as string as TenantId, pull.path, 'pull-usage')
  await takeEvents({ clock, usage }, pull, pulled.events, { actor, tenants })
  if (told.length > 0) {
    const by = { source: sourceOf(pull), actor: systemLabel('pull-usage'), correlationId: actor.correlationId }
    await takeAmounts({ db, clock }, by, told, await toldBelow(db, pull.path, [...tenants.keys()]))
  }
  await savePull(db, pull, { cursor: pulled.cursor, failure: '', pullAt: nextAt }, clock.now())
  return pulled.more && pulled.cursor !== pull.cursor ? pulled.cursor : undefined
}

const sourceOf = ({ name }: Pull): string => `connector:${name}`

async function takeEvents(
  { clock, usage }: Pick<PullDeps, 'clock' | 'usage'>,
  pull: Pull,
  events: PulledUsage['events'],
  { actor, tenants }: { readonly actor: Principal; readonly tenants: ReadonlyMap<SubscriptionId, TenantId> },
): Promise<void> {
  const reports = events.map(({ id, subscription_id, usage_name, time, value, delta }) => {
    const tenantId = tenants.get(subscription_id as SubscriptionId)
    if (tenantId === undefined) throw new Error(`Event ${id} names a subscription that this service does not serve`)
    const data = { usage_name, ...(value !== undefined && { value }), ...(delta !== undefined && { delta }) }
    const event = { specversion: '1.0', id, source: sourceOf(pull), type: 'usage', subject: tenantId, time, data }
    const read = readEvent(event, clock.now())
    if ('problem' in read) throw new Error(`Event ${id}: ${read.problem}`)
    return read
  })
  const results = reports.length > 0 ? await usage.report(actor, reports) : []
  if (results.includes('unknown_tenant')) throw new Error('An event names a tenant that is gone')
}
