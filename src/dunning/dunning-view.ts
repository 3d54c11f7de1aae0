import { sql } from 'kysely'
import { z } from 'zod'
import { accountVisibleTo } from '../accounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { decodeCursor, Instant, pageInput, pageOf, toPage, Uuid } from '../platform/http/schemas.ts'
import { stopsAtOf, timeOf } from './rules.ts'
import { type Dunning, DunningAction, DunningOutcome, DunningStatus, type TakenStep } from './schema.ts'
import { SERVICE } from './subject-view.ts'

export const DunningView = z.object({
  id: Uuid,
  status: DunningStatus,
  account: z.object({ id: Uuid, name: z.string() }),
  paymentId: Uuid.nullable().meta({ description: 'What is paid; of an invoice it is made with the first step' }),
  invoice: z.object({ id: Uuid, number: z.string() }).nullable(),
  dueAt: Instant,
  nextAt: Instant.nullable(),
  subscription: z.object({ id: Uuid, name: z.string() }).nullable().meta({ description: 'What is not paid for' }),
  stopsAt: Instant.nullable().meta({
    description:
      'When that stops unless it is paid: by the schedule, or at the end of its grace; null: nothing stops it, or it does not run',
  }),
  card: z
    .object({ brand: z.string(), last4: z.string() })
    .nullable()
    .meta({ description: 'The kept card that is charged' }),
  steps: z.array(
    z.object({
      day: z.int().meta({ description: 'After the due date' }),
      action: DunningAction,
      at: Instant.meta({ description: 'When it was taken, or will be' }),
      outcome: DunningOutcome.nullable().meta({ description: 'null: it is still to come' }),
      message: z.string().meta({ description: 'What the card’s bank said of a refusal' }),
    }),
  ),
})
export const DunningList = pageOf(DunningView)
export const DunningQuery = z.object({
  ...pageInput,
  accountId: Uuid.optional(),
  paymentId: Uuid.optional(),
  invoiceId: Uuid.optional(),
  status: DunningStatus.optional(),
})

interface Row extends Dunning {
  readonly accountName: string
  readonly invoiceNumber: string | null
  readonly service: {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly graceDays: number
  } | null
  readonly card: { readonly brand: string; readonly last4: string } | null
  readonly taken: readonly (Omit<TakenStep, 'at'> & { readonly at: string; readonly message: string })[]
}

/** What the caller sees of what is asked for, newest first: what was done, and what comes next. A reviewed read over the sellers of a subtree. */
export async function listDunnings(
  db: Db,
  actor: Principal,
  { cursor, limit, accountId, paymentId, invoiceId, status }: z.output<typeof DunningQuery>,
): Promise<z.output<typeof DunningList>> {
  const before = cursor === undefined ? null : decodeCursor(cursor, z.tuple([Uuid]))[0]
  const { rows } = await sql<Row & { readonly sellerId: SellerId }>`
    select d.seller_id as "sellerId", d.id, d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.account_id as "accountId",
           d.payment_id as "paymentId", d.due_at as "dueAt", d.steps, d.position, d.status, d.next_at as "nextAt", t.name as "accountName",
           d.stopped_subscription_id as "stoppedSubscriptionId", i.number as "invoiceNumber",
           case when s.id is not null then json_build_object('id', s.id, 'name', s.name, 'status', s.status, 'graceDays', k.grace_days) end as service,
           (select json_build_object('brand', c.brand, 'last4', c.last4) from saved_cards c
             where c.seller_id = d.seller_id and c.account_id = d.account_id and c.removed_at is null and c.is_default) as card,
           coalesce((select json_agg(json_build_object('position', s.position, 'day', s.day, 'action', s.action, 'outcome', s.outcome, 'at', s.at,
                       'message', coalesce(c.message, '')) order by s.position)
              from dunning_steps s
              left join card_charges c on c.seller_id = s.seller_id and c.id = s.charge_id
             where s.seller_id = d.seller_id and s.dunning_id = d.id), '[]') as taken
      from dunnings d
      join tenants t on t.id = d.account_id
      join accounts a on a.seller_id = d.seller_id and a.tenant_id = d.account_id ${SERVICE}
     where ${accountVisibleTo(actor)}
       and (${before}::uuid is null or d.id < ${before}::uuid)
       and (${accountId ?? null}::uuid is null or d.account_id = ${accountId ?? null}::uuid)
       and (${paymentId ?? null}::uuid is null or d.payment_id = ${paymentId ?? null}::uuid)
       and (${invoiceId ?? null}::uuid is null or (d.subject_kind = 'invoice' and d.subject_id = ${invoiceId ?? null}::uuid))
       and (${status ?? null}::text is null or d.status = ${status ?? null})
     order by d.id desc limit ${limit + 1}`.execute(db)
  const page = toPage(rows, limit, ({ id }) => [id])
  return { items: page.items.map(viewOf), nextCursor: page.nextCursor }
}

function viewOf(row: Row): z.output<typeof DunningView> {
  const taken = new Map(row.taken.map((step) => [step.position, step]))
  const runs = row.status === 'running'
  return {
    id: row.id,
    status: row.status,
    account: { id: row.accountId, name: row.accountName },
    paymentId: row.paymentId,
    invoice: row.invoiceNumber === null ? null : { id: row.subjectId, number: row.invoiceNumber },
    dueAt: row.dueAt,
    nextAt: runs ? row.nextAt : null,
    subscription: row.service && { id: row.service.id, name: row.service.name },
    stopsAt: runs || row.status === 'exhausted' ? stopsAtOf(row, row.service ?? undefined) : null,
    card: row.card,
    // What will not come any more is not told.
    steps: row.steps.flatMap(({ day, action }, position): z.output<typeof DunningView>['steps'] => {
      const step = taken.get(position)
      if (step) return [{ day, action, at: new Date(step.at), outcome: step.outcome, message: step.message }]
      return runs ? [{ day, action, at: timeOf(row.dueAt, { day }), outcome: null, message: '' }] : []
    }),
  }
}
