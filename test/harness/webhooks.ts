import { beforeEach } from 'node:test'
import { pino } from 'pino'
import { createSeller } from '../../src/accounts/index.ts'
import { newId, type SellerId, type TenantId } from '../../src/kernel/ids.ts'
import { listDeliveries } from '../../src/notifications/delivery-view.ts'
import { createNotifier } from '../../src/notifications/notify.ts'
import { createEndpoint } from '../../src/notifications/save-endpoint.ts'
import { createWebhookSender } from '../../src/notifications/webhook-sender.ts'
import type { Principal } from '../../src/platform/actor.ts'
import { createSeal } from '../../src/platform/auth/seal.ts'
import { transaction } from '../../src/platform/db.ts'
import { publish } from '../../src/platform/events/publish.ts'
import { createJobs } from '../../src/platform/jobs.ts'
import { createOutboundGuard } from '../../src/platform/outbound/guard.ts'
import { ensureRoot, systemActor, type Tenant, tenantOf } from '../../src/tenants/index.ts'
import { fixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'
import type { Receiver } from './receiver.ts'

/** Two resellers, one below the first, and the real way from an event to a receiver on the loopback. */
export async function openWebhooks(database: TestDatabase) {
  const { db, pool } = database
  // The reference library refuses what is not of now.
  const clock = fixedClock(new Date().toISOString())
  const log = pino({ level: 'silent' })
  const seal = createSeal('a secret of the tests, long enough', 'webhook')
  const deps = { db, clock, guard: createOutboundGuard({ allowInternal: true }), seal, log }
  const sender = createWebhookSender({ ...deps, timeoutMs: 300 })
  const jobs = createJobs({
    connectionString: database.connectionString,
    db,
    pool,
    clock,
    log,
    subscribers: [
      createNotifier({
        places: { publicUrl: 'http://localhost:8080', originOf: () => undefined },
        wake: () => undefined,
      }),
    ],
  })
  database.beforeClose(async () => {
    await jobs.stop()
    await sender.stop()
  })
  beforeEach(async () => {
    clock.set(new Date().toISOString())
    await jobs.drain()
    await pool.query('delete from deliveries')
    await pool.query('delete from webhook_endpoints')
  })

  const root = await ensureRoot(db, clock)
  const operator = systemActor(root.sellerId, root.id, root.path, 'test')
  const seller = async (parentId: TenantId, name: string): Promise<Tenant & { readonly actor: Principal }> => {
    const tenant = await createSeller(db, clock, operator, { parentId, name, currency: 'USD' })
    return { ...tenant, actor: systemActor(tenant.sellerId, tenant.id, tenant.path, name) }
  }
  const upper = await seller(root.id, 'Upper')
  const lower = await seller(upper.id, 'Lower')
  const other = await seller(root.id, 'Other')
  const settings = { description: '', eventTypes: [] as string[], includeResellers: false, enabled: true }

  return {
    db,
    pool,
    clock,
    deps,
    sender,
    jobs,
    operator,
    upper,
    lower,
    other,
    settings,
    add: (to: Pick<Receiver, 'url'>, actor = upper.actor, rest: Partial<typeof settings> = {}) =>
      createEndpoint(deps, actor, { ...settings, url: to.url, ...rest }),
    /** Something that happened to the account `id`. */
    async happen(id: string, given: { type?: string; sellerId?: SellerId } = {}): Promise<string> {
      const { type = 'account.updated', sellerId = upper.sellerId } = given
      await transaction(db, (tx) =>
        publish(tx, {
          sellerId,
          type,
          subject: { kind: 'account', id },
          tenantId: tenantOf(sellerId),
          payload: { account_id: id },
          actor: { kind: 'system', id: 'test' },
          correlationId: newId(),
          at: clock.now(),
        }),
      )
      return id
    },
    async drain() {
      await jobs.drain()
      await sender.drain()
    },
    logOf: async (actor: Principal, webhookId: string) =>
      (await listDeliveries(db, actor, { limit: 100, webhookId })).items,
    /** What a receiver heard of, in the order it came. */
    subjects: ({ received }: Receiver) => received.map(({ body }) => body.data['account_id']),
  }
}
