import { setTimeout as sleep } from 'node:timers/promises'
import { type ClaimResult, claimOf, type Effort, quantile } from './claim.ts'
import { idOf } from './data.ts'
import { ask } from './loader.ts'
import { post } from './server.ts'
import { openUsageBench, type UsageBench } from './usage.ts'
import { createEvents, EVENTS_A_BATCH, requestOf } from './usage-data.ts'

/** More than any quota here. */
const TOO_MUCH = 2_000_000_000_000

/**
 * Measures the claim `alert-delay`: from the answer that accepts an event which brings a tenant over its quota, to the
 * answer of `GET /api/v1/quota-alerts` that has the alert, while batches are reported at half the rate that `usage`
 * reaches here. Each probe is of another tenant.
 */
export async function measureAlertDelay(effort: Effort): Promise<ClaimResult[]> {
  const bench = await openUsageBench(effort)
  const most = await bench.report(effort.roundMs)
  const p99: number[] = []
  const all: number[] = []
  let rate = 0
  let probe = 0
  for (let round = 0; round < effort.rounds; round++) {
    const background = reportAt(bench, most.perSecond / 2, effort.roundMs * 2, round)
    const delays: number[] = []
    const until = performance.now() + effort.roundMs * 2
    while (performance.now() < until && probe < bench.accounts) delays.push(await delayOf(bench, probe++))
    rate += (await background) / effort.rounds
    p99.push(quantile(delays, 0.99))
    all.push(...delays)
  }
  return [
    claimOf(
      {
        claim: 'alert-delay',
        variant: 'p99, accepted to readable',
        goal: 250,
        bound: 'most',
        unit: 'ms',
        info: `${all.length} alerts, p50 ${quantile(all, 0.5).toFixed(1)} ms, meanwhile ${Math.round(rate)} events a second (most ${Math.round(most.perSecond)})`,
      },
      p99,
    ),
  ]
}

/** Milliseconds from an event's acceptance until its alert is there. @throws {Error} It does not come within 10 s. */
async function delayOf({ server, token, firstAccount }: UsageBench, probe: number): Promise<number> {
  const tenantId = idOf('account', firstAccount + probe)
  const authorization = `Authorization: Bearer ${token}\r\n`
  const event = {
    specversion: '1.0',
    type: 'usage',
    source: '/probe',
    id: String(probe),
    subject: tenantId,
    time: new Date().toISOString(),
    data: { usage_name: 'vms', delta: TOO_MUCH },
  }
  const report = post(
    server.port,
    '/api/v1/usage',
    'application/cloudevents+json',
    JSON.stringify(event),
    authorization,
  )
  const answer = await ask(server.port, report)
  if (!answer.head.startsWith('HTTP/1.1 202')) throw new Error(`Not accepted: ${answer.body.toString()}`)
  const accepted = performance.now()
  const read = Buffer.from(
    `GET /api/v1/quota-alerts?tenant_id=${tenantId} HTTP/1.1\r\nHost: localhost:${server.port}\r\n${authorization}\r\n`,
  )
  for (;;) {
    const list = (await ask(server.port, read)).body.toString()
    const delay = performance.now() - accepted
    if (list.includes('"usage_name":"vms"')) return delay
    if (delay > 10_000) throw new Error(`No alert within 10 s: ${list.slice(0, 300)}`)
  }
}

/** Reports batches at a rate, however long each takes. @returns Events a second that it came to. */
async function reportAt(
  { server, token, firstAccount, accounts }: UsageBench,
  perSecond: number,
  durationMs: number,
  round: number,
): Promise<number> {
  const source = `/beside-${round}`
  const next = createEvents(source, firstAccount, accounts)
  const pauseMs = (EVENTS_A_BATCH / perSecond) * 1000
  const started = performance.now()
  const sent: Promise<unknown>[] = []
  while (performance.now() - started < durationMs) {
    sent.push(ask(server.port, requestOf(server.port, token, source, next())))
    await sleep(Math.max(0, started + sent.length * pauseMs - performance.now()))
  }
  await Promise.all(sent)
  return (sent.length * EVENTS_A_BATCH) / ((performance.now() - started) / 1000)
}
