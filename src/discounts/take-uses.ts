import type { PoolClient } from 'pg'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'

/** An order that is to be placed with a code. */
export interface WantedUse {
  readonly orderId: OrderId
  readonly code: string
  readonly accountId: TenantId
}

interface CodeRow {
  readonly code: string
  readonly maxUses: bigint | null
  readonly maxUsesPerAccount: number | null
  readonly uses: bigint
}

/**
 * Locks the codes until the transaction ends and says which of the orders may have theirs, first come first: so a code
 * with a limit of N is used N times, by whoever asks at once. All that use a code queue up here, and what they have used
 * is read once they hold the lock.
 */
export async function admitUses(
  client: PoolClient,
  sellerId: SellerId,
  wanted: readonly WantedUse[],
): Promise<ReadonlySet<OrderId>> {
  const { rows: codes } = await client.query<CodeRow>(
    `select p.code, p.max_uses as "maxUses", p.max_uses_per_account as "maxUsesPerAccount", p.uses
       from promo_codes p join discounts d on d.seller_id = p.seller_id and d.id = p.discount_id
      where p.seller_id = $1 and d.seller_id = $1 and p.code = any($2) and p.active and d.active
      order by p.code for no key update of p`,
    [sellerId, wanted.map(({ code }) => code)],
  )
  const { rows: used } = await client.query<{ code: string; accountId: TenantId; uses: bigint }>(
    `select code, account_id as "accountId", count(*) as uses from promo_uses
      where seller_id = $1 and code = any($2) and account_id = any($3) and returned_at is null group by code, account_id`,
    [sellerId, codes.map(({ code }) => code), wanted.map(({ accountId }) => accountId)],
  )
  const uses = new Map(codes.map((code) => [code.code, code.uses]))
  const ofAccount = new Map(used.map((each) => [`${each.code} ${each.accountId}`, each.uses]))
  const admitted = new Set<OrderId>()
  for (const { orderId, code, accountId } of wanted) {
    const limits = codes.find((each) => each.code === code)
    const [all, own] = [uses.get(code) ?? 0n, ofAccount.get(`${code} ${accountId}`) ?? 0n]
    if (!limits || (limits.maxUses !== null && all >= limits.maxUses)) continue
    if (limits.maxUsesPerAccount !== null && own >= BigInt(limits.maxUsesPerAccount)) continue
    uses.set(code, all + 1n)
    ofAccount.set(`${code} ${accountId}`, own + 1n)
    admitted.add(orderId)
  }
  return admitted
}

/** Writes down what was placed, under the locks of `admitUses`. */
export async function recordUses(
  client: PoolClient,
  sellerId: SellerId,
  placed: readonly WantedUse[],
  at: Date,
): Promise<void> {
  await client.query(
    `insert into promo_uses (seller_id, order_id, code, account_id, created_at)
     select $1, o, c, a, $5 from unnest($2::uuid[], $3::text[], $4::uuid[]) as w (o, c, a)`,
    [
      sellerId,
      placed.map(({ orderId }) => orderId),
      placed.map(({ code }) => code),
      placed.map(({ accountId }) => accountId),
      at,
    ],
  )
  await client.query(
    `update promo_codes p set uses = p.uses + w.placed
       from (select c, count(*) as placed from unnest($2::text[]) as u (c) group by c) w
      where p.seller_id = $1 and p.code = w.c`,
    [sellerId, placed.map(({ code }) => code)],
  )
}
