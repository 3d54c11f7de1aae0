import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CorrelationId, newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { presentAnswer } from './present-answer.ts'
import { recommend } from './recommend.ts'
import { safeReturn } from './rules.ts'
import type { HorizonDays } from './schema.ts'
import { findSubject, readFacts, type Wanted } from './situation-view.ts'
import { keepOffers, type OfferId } from './store.ts'

export interface MakeOffersDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  /** Hosts (with port) of a reseller's stores and of the pages it embeds alerts in. */
  readonly returnHosts: (sellerId: SellerId) => Promise<ReadonlySet<string>>
}

export interface OfferRequest {
  /** The customer, or a unit of it; by default the caller's own. */
  readonly tenantId?: TenantId | undefined
  readonly horizonDays: HorizonDays
  /** Where the question was asked: the `origin` of an upsell link, or `api`. */
  readonly place: string
  readonly wanted?: Wanted
  /** Where the click came from. */
  readonly redirectUrl?: string | undefined
  /** Of what led here; by default the oldest open alert's. */
  readonly correlationId?: CorrelationId | undefined
}

/**
 * Says what ends a customer's shortage today, and keeps what was said, so that one confirmation can order it.
 *
 * @throws {BuylinkError} `not_found` for a customer the caller does not see.
 */
export async function makeOffers(
  { db, clock, catalog, returnHosts }: MakeOffersDeps,
  actor: Principal,
  { tenantId, horizonDays, place, wanted = new Map(), redirectUrl, correlationId }: OfferRequest,
): Promise<OfferId> {
  const subject = await findSubject(db, actor, tenantId)
  if (!subject) throw new BuylinkError('not_found', 'There is no such customer.')
  const at = clock.now()
  const facts = await readFacts(db, await catalog.get(subject.sellerId), subject, wanted, at)
  const answer = presentAnswer(recommend(facts.situation, horizonDays), facts.situation, facts.solvedAt)
  const offers = {
    sellerId: subject.sellerId,
    id: newId<OfferId>(at.getTime()),
    accountId: subject.accountId,
    userId: actor.kind === 'user' ? actor.id : null,
    place,
    horizonDays,
    answer,
    returnUrl: safeReturn(redirectUrl ?? null, await returnHosts(subject.sellerId)),
    correlationId: correlationId ?? facts.correlationId ?? actor.correlationId,
    at,
  }
  return transaction(db, async (tx) => {
    const { id, isNew } = await keepOffers(tx, offers)
    if (isNew)
      await publish(tx, {
        sellerId: subject.sellerId,
        subject: { kind: 'offer', id },
        tenantId: subject.accountId,
        actor,
        correlationId: offers.correlationId,
        at,
        type: 'offer.made',
        payload: {
          offer_id: id,
          account_id: subject.accountId,
          kind: answer.kind,
          place,
          usage_names: answer.items.map(({ usageName }) => usageName),
        },
      })
    return id
  })
}
