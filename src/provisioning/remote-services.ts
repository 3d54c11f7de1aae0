import { type Clock, systemClock } from '../kernel/time.ts'
import { createSeal } from '../platform/auth/seal.ts'
import type { Db } from '../platform/db.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import type { ScheduledJob } from '../platform/jobs.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { type AskService, createAskService } from './ask-service.ts'
import { connectorRoutes } from './connector-routes.ts'
import { failLateTasks } from './fail-late-tasks.ts'
import type { ConnectorUseOf } from './remove-connector.ts'
import { provisioningRoutes } from './routes.ts'
import type { Connector } from './schema.ts'
import { createCallbackTokens, createWebhookConnector } from './webhook-connector.ts'

/** All that services over HTTPS take: how they are asked, how they are set up and answer, and who watches the time. */
export function createRemoteServices(options: {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly secret: string
  readonly publicUrl: string
  readonly useOf: ConnectorUseOf
}): {
  readonly connector: Connector
  readonly routes: readonly AnyRoute[]
  readonly scheduled: ScheduledJob
  readonly ask: AskService
} {
  const { db, clock, guard, secret, publicUrl, useOf } = options
  const seal = createSeal(secret, 'connector')
  const callbacks = createCallbackTokens(secret)
  const ask = createAskService(guard, seal, systemClock)
  return {
    connector: createWebhookConnector({ db, clock, ask, callbacks, publicUrl }),
    routes: [...provisioningRoutes({ seal, guard, callbacks }), ...connectorRoutes({ ask, useOf })],
    ask,
    scheduled: { name: 'fail-late-tasks', cron: '* * * * *', run: () => failLateTasks(db, clock) },
  }
}
