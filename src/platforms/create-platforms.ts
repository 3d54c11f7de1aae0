import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { createSeal } from '../platform/auth/seal.ts'
import type { Db } from '../platform/db.ts'
import type { AnyRoute } from '../platform/http/route.ts'
import type { ScheduledJob } from '../platform/jobs.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import type { Connector } from '../provisioning/schema.ts'
import type { UsageIntake } from '../quotas/index.ts'
import { mirrorAll } from './mirror-platform.ts'
import { createPlatformConnector } from './raise-quota.ts'
import { platformRoutes } from './routes.ts'
import { listBaseUrls } from './store.ts'

/** All that other platforms take: how they are registered and followed, and how what is bought here is raised there. */
export function createPlatforms(options: {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly secret: string
  readonly usage: UsageIntake
  readonly onError: (error: unknown) => void
}): {
  readonly routes: readonly AnyRoute[]
  readonly scheduled: ScheduledJob
  /** The built-in connector, for tenants that live on a platform too. */
  connectorOver(builtin: Connector): Connector
  /** Hosts (with port) of a seller's platforms, to which people may be led back. */
  hostsOf(sellerId: SellerId): Promise<readonly string[]>
} {
  const { db, secret, onError } = options
  const deps = { ...options, seal: createSeal(secret, 'platform') }
  return {
    routes: platformRoutes(deps),
    scheduled: { name: 'mirror-platforms', cron: '* * * * *', run: () => mirrorAll(deps, onError) },
    connectorOver: (builtin) => createPlatformConnector(deps, builtin),
    hostsOf: async (sellerId) => (await listBaseUrls(db, sellerId)).map((url) => new URL(url).host),
  }
}
