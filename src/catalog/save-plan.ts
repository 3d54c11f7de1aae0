import { sql } from 'kysely'
import { formatDecimal } from '../kernel/decimal.ts'
import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { publish, audit } from '../platform/events/publish.ts'
import { listOwnProducts, lockPlan, type OwnPlan } from './own-catalog.ts'
import type { PlanDraft } from './plan-input.ts'
import { planProblems } from './plan-rules.ts'
import { createPlan, insertPeriod, insertResource, raiseVersions } from './write-catalog.ts'

export interface PlanSave {
  readonly sellerId: SellerId
  /** Absent: a new plan; one that is unknown: a new plan with this id. */
  readonly planId?: string | undefined
  /** What the plan shall be, made from what it is now (undefined: it is new). Called with its row locked. */
  readonly draft: (former: OwnPlan | undefined) => PlanDraft
  readonly expectedVersion?: bigint | undefined
  /** New periods and resources keep the ids they are given: of a configuration file. */
  readonly keepsIds?: boolean
}

/**
 * Writes a whole plan of a seller's own, new or changed, after the rules have found nothing wrong with it. Publishes
 * `plan.created` or `plan.updated`; the audit log keeps what changed, field by field. Nothing changed: nothing is written.
 *
 * @throws {BuylinkError} `unprocessable` with every problem; `version_mismatch`; `not_found`: another seller's plan.
 */
export async function savePlan(db: Db | Tx, clock: Clock, actor: Principal, save: PlanSave): Promise<OwnPlan> {
  return transaction(db, async (tx) => {
    const { sellerId, planId } = save
    const former = planId === undefined ? undefined : await lockPlan(tx, planId)
    if (former && former.sellerId !== sellerId) throw new BuylinkError('not_found', 'There is no such plan.')
    if (former && save.expectedVersion !== undefined && former.version !== save.expectedVersion)
      throw changedMeanwhile()
    const draft = save.draft(former)
    await judge(tx, sellerId, draft, former, save.keepsIds ?? false)
    const at = clock.now()
    if (!former) {
      const id = await createPlan(
        tx,
        sellerId,
        { ...draft, ...(planId !== undefined && { id: planId }) } as Parameters<typeof createPlan>[2],
        at,
      )
      const made = await lockPlan(tx, id)
      invariant(made, 'it was inserted just now')
      await record(tx, actor, made, 'create', {}, at)
      return made
    }
    const changed = differences(plain(former), plain({ ...former, ...draft }), ['resources', 'orderAttributes'])
    if (changed.length === 0) return former
    await update(tx, former, draft)
    await raiseVersions(tx, sellerId, former.id, at)
    const saved = await lockPlan(tx, former.id)
    invariant(saved, 'its row is locked')
    await record(tx, actor, saved, 'update', changeDetails(changed), at)
    return saved
  })
}

export const changedMeanwhile = (): BuylinkError =>
  new BuylinkError('version_mismatch', 'Someone changed it in the meantime. Read it again and repeat your change.')

async function judge(
  tx: Tx,
  sellerId: SellerId,
  draft: PlanDraft,
  former: OwnPlan | undefined,
  mayNameNew: boolean,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id::text from plans where seller_id = ${sellerId}
     union select plan_id::text from plan_delegations where seller_id = ${sellerId} and active`.execute(tx)
  const products = await listOwnProducts(tx, sellerId)
  const problems = planProblems(draft, {
    soldPlanIds: new Set(rows.map(({ id }) => id)),
    productIds: new Set(products.map(({ id }) => id)),
    former,
    mayNameNew,
  })
  const [first] = problems
  if (first) throw new BuylinkError('unprocessable', first.message, { problems })
}

/** Without what is no field of the plan, and with decimals as people read them. */
const plain = ({ resources, ...plan }: PlanDraft & Partial<Pick<OwnPlan, 'version' | 'launched'>>): unknown => ({
  ...plan,
  version: undefined,
  launched: undefined,
  resources: resources.map(({ unitPrice, ...resource }) => ({
    ...resource,
    unitPrice: unitPrice && formatDecimal(unitPrice),
  })),
})

async function record(
  tx: Tx,
  actor: Principal,
  plan: OwnPlan,
  verb: 'create' | 'update',
  details: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> {
  const about = aboutCatalog(actor, plan.sellerId, { kind: 'plan', id: plan.id }, at)
  await publish(tx, { ...about, type: `plan.${verb}d`, payload: { plan_id: plan.id, status: plan.status } })
  await audit(tx, { ...about, action: `plan.${verb}`, details })
}

async function update(tx: Tx, former: OwnPlan, plan: PlanDraft): Promise<void> {
  const { id, sellerId } = former
  const known = new Set([...former.periods, ...former.resources].map((each) => each.id))
  const isNew = (each: { readonly id?: string }): boolean => each.id === undefined || !known.has(each.id)
  await sql`
    update plans
       set product_id = ${plan.productId}::bigint, name = ${plan.name}, summary = ${plan.summary}, status = ${plan.status},
           public = ${plan.isPublic}, billing_type = ${plan.billingType}, payment_models = ${[...plan.paymentModels]}::text[],
           minimum_topup_minor = ${plan.minimumTopupMinor}, second_subscription = ${plan.secondSubscription},
           order_attributes = ${JSON.stringify(plan.orderAttributes)}::jsonb, connector = ${plan.connector},
           default_period_id = ${plan.defaultPeriodId}::bigint, successor_id = ${plan.successorId}::bigint,
           switchable_plan_ids = ${[...plan.switchablePlanIds]}::bigint[], addon_to_plan_ids = ${[...plan.addonToPlanIds]}::bigint[],
           launched = launched or ${plan.status !== 'draft'}, version = version + 1
     where id = ${id}::bigint and seller_id = ${sellerId}`.execute(tx)
  for (const period of plan.periods) {
    if (isNew(period)) await insertPeriod(tx, id, period as Parameters<typeof insertPeriod>[2])
    else
      await sql`
        update plan_periods
           set duration_value = ${period.duration?.value ?? null}, duration_unit = ${period.duration?.unit ?? null}, trial = ${period.trial},
               public = ${period.isPublic}, setup_fee_minor = ${period.setupFeeMinor}, recurring_fee_minor = ${period.recurringFeeMinor},
               renewal_fee_minor = ${period.renewalFeeMinor}
         where id = ${period.id}::bigint and plan_id = ${id}::bigint`.execute(tx)
  }
  for (const [position, resource] of plan.resources.entries()) {
    if (isNew(resource)) await insertResource(tx, id, resource as Parameters<typeof insertResource>[2], position)
    else
      await sql`
        update plan_resources
           set name = ${resource.name}, unit = ${resource.unit}, kind = ${resource.kind}, included = ${resource.included},
               minimum = ${resource.minimum}, limit_quantity = ${resource.limit}, public = ${resource.isPublic},
               setup_fee_minor = ${resource.setupFeeMinor}, recurring_fee_minor = ${resource.recurringFeeMinor},
               renewal_fee_minor = ${resource.renewalFeeMinor}, overuse_fee_minor = ${resource.overuseFeeMinor},
               unit_price = ${resource.unitPrice ? formatDecimal(resource.unitPrice) : null}::numeric,
               usage_name = ${resource.quota?.usageName ?? null}, quota_per_unit = ${resource.quota?.perUnit ?? null},
               position = ${position}
         where id = ${resource.id}::bigint and plan_id = ${id}::bigint`.execute(tx)
  }
}
