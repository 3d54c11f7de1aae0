import type { TenantId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { isNameFree, queueForNames } from './store.ts'

/** Takes a name below a parent for the rest of the transaction. @throws {BuylinkError} Platform code 1004 when it is taken. */
export async function claimName(tx: Tx, parentId: TenantId, name: string, except?: TenantId): Promise<void> {
  await queueForNames(tx, parentId)
  if (!(await isNameFree(tx, parentId, name, except)))
    throw platformError('name_conflict', 'There is a tenant with this name at the same place already.')
}
