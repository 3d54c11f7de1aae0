import type { Catalog } from '../catalog/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/db.ts'
import type { QuotasOf } from '../subscriptions/index.ts'
import type { ManagerKeys } from './create-checkout.ts'

export interface ViewDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  readonly managers: ManagerKeys
  readonly documentsOf: (storeId: string) => { readonly termsUrl: string | null; readonly privacyUrl: string | null }
  readonly quotasOf: QuotasOf
}
