import { BuylinkError, type Problem } from '../kernel/errors.ts'
import type { Tx } from '../platform/db.ts'
import { isUserTaken } from './manager-store.ts'
import { isAccountBelow, isSalesUser } from './manager-view.ts'
import { isAboveInLine } from './rules.ts'
import { type Manager, ManagerKey } from './schema.ts'

/**
 * What must hold of a manager before it is written, all problems together.
 *
 * @param colleagues Of the same seller, locked.
 * @throws {BuylinkError} `unprocessable` with every problem.
 */
export async function assertManager(
  tx: Tx,
  manager: Manager,
  colleagues: readonly Pick<Manager, 'id' | 'supervisorId'>[],
): Promise<void> {
  const problems: Problem[] = []
  const miss = (path: string, code: string, message: string) => problems.push({ path, code, message })
  if (manager.name.trim() === '') miss('name', 'required', 'Enter a name.')
  if (manager.key !== null && !ManagerKey.safeParse(manager.key).success)
    miss('key', 'invalid', 'A key has 1 to 64 of the characters A-Z a-z 0-9 _ . -')
  if (manager.isPartner && manager.role !== 'sales')
    miss('role', 'invalid', 'A referral partner has the role sales, or nothing is credited to them.')
  if (manager.userId !== null) {
    if (manager.isPartner) miss('user_id', 'invalid', 'A referral partner does not sign in.')
    else if (!(await isSalesUser(tx, manager.sellerId, manager.userId)))
      miss('user_id', 'invalid', 'Choose a user of this reseller who has the role sales.')
    else if (await isUserTaken(tx, manager.userId, manager.id))
      miss('user_id', 'taken', 'This user signs in as another manager already.')
  }
  if (manager.supervisorId !== null) {
    if (!colleagues.some(({ id }) => id === manager.supervisorId))
      miss('supervisor_id', 'invalid', 'Choose a manager of this reseller.')
    else if (isAboveInLine(manager, colleagues))
      miss('supervisor_id', 'circle', 'This manager would be above themselves.')
  }
  if (manager.accountId !== null && !(await isAccountBelow(tx, manager.sellerPath, manager.accountId)))
    miss('account_id', 'invalid', 'Choose an account of this reseller.')
  if (problems.length > 0) throw new BuylinkError('unprocessable', 'Some details are missing or wrong.', { problems })
}

export const keyTaken = () => {
  const message = 'This key is taken. Keys are unique and never given to someone else.'
  return new BuylinkError('conflict', message, { problems: [{ path: 'key', code: 'taken', message }] })
}
