import type { ManagerId } from '../accounts/index.ts'
import type { Db } from '../platform/db.ts'
import type { Manager } from './schema.ts'
import { listAllManagers } from './manager-store.ts'

/** All managers in memory: the dispatcher looks up the key of every click. Decides nothing: linking reads again. */
export interface ManagerDirectory {
  /** Exactly this key: `carter81` is not `Carter81`. */
  findByKey(key: string): Manager | undefined
  /** Deleted ones too: what was credited to them still says their name. */
  findById(id: ManagerId): Manager | undefined
  /** Reads all of them again. Pass it to `Changes.subscribe`, and wait for it once before serving. */
  refresh(): Promise<void>
}

/** Empty until the first `refresh`. */
export function createManagerDirectory({ db }: { readonly db: Db }): ManagerDirectory {
  let byKey: ReadonlyMap<string, Manager> = new Map()
  let byId: ReadonlyMap<ManagerId, Manager> = new Map()
  return {
    findByKey: (key) => byKey.get(key),
    findById: (id) => byId.get(id),
    async refresh() {
      const managers = await listAllManagers(db)
      byId = new Map(managers.map((manager) => [manager.id, manager]))
      byKey = new Map(
        managers.flatMap((manager) =>
          manager.key === null || manager.deletedAt !== null ? [] : [[manager.key, manager]],
        ),
      )
    },
  }
}
