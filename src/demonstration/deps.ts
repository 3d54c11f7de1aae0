import type { ManagerDirectory } from '../attribution/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { PlacingQueue } from '../orders/index.ts'
import type { Db } from '../platform/db.ts'
import type { Connectors } from '../provisioning/index.ts'
import type { StoreDirectory } from '../stores/index.ts'

/** The very parts that serve. */
export interface DemonstrationDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  readonly stores: StoreDirectory
  readonly managers: ManagerDirectory
  readonly queue: PlacingQueue
  readonly connectors: Connectors
}
