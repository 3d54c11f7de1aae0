import { promotesHigherEditions } from '../applications/index.ts'
import type { Db, Tx } from '../platform/db.ts'
import { nextEditionOf } from '../quotas/index.ts'
import type { UpsellUser } from './facts-view.ts'
import { decideEditionsUpsell, type EditionsDecision } from './rules.ts'

/** What someone is shown of the next higher edition at this moment. */
export async function editionsDecisionFor(db: Db | Tx, user: UpsellUser): Promise<EditionsDecision> {
  const { customerId } = user
  if (customerId === null) return decideEditionsUpsell({ ...user, isPromoted: false, nextEdition: null })
  const [isPromoted, nextEdition] = await Promise.all([
    promotesHigherEditions(db, customerId),
    nextEditionOf(db, customerId),
  ])
  return decideEditionsUpsell({ ...user, isPromoted, nextEdition })
}
