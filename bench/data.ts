import { createHash } from 'node:crypto'
import type { Client } from 'pg'

/**
 * Rows to measure with, written by SQL: thousands of stores would take the API minutes. Everything has a number from
 * which its id follows, so that the loader and pgbench can name rows without having read them.
 */

/** First number of our plans, periods, products and tenants; resources have the tenfold. */
const FIRST = 1_000_000
const RESOURCES_EACH = 5

const KIND = {
  seller: 1,
  accountClass: 2,
  store: 3,
  manager: 4,
  account: 5,
  checkout: 6,
  limitCheckout: 7,
  user: 8,
  payment: 9,
} as const
export type Kind = keyof typeof KIND

/** The id of the `n`th row of a kind: `00000000-0000-7001-8000-00000000002a`. */
export const idOf = (kind: Kind, n: number): string => `${prefixOf(kind)}${n.toString(16).padStart(12, '0')}`
const prefixOf = (kind: Kind): string => `00000000-0000-7${String(KIND[kind]).padStart(3, '0')}-8000-`

/** The same as an expression of SQL over a number. */
export const sqlIdOf = (kind: Kind, n: string): string => `('${prefixOf(kind)}' || lpad(to_hex(${n}), 12, '0'))::uuid`

export const hostOf = (seller: number): string => `shop-${seller}.bench.example`
export const managerKeyOf = (seller: number): string => `sales-${seller}`
export const clientOf = (seller: number) => ({ id: `bench-${seller}`, secret: 'bench-secret-of-this-run-alone' })
export const planOf = (seller: number, nth: number, plansEach: number): number => FIRST + seller * plansEach + nth
/** A plan's first resource and its one period; the period has the plan's own number. */
export const resourceOf = (plan: number): number => plan * 10

/** What each checkout below totals: 49.00 a month, and two units above the five included at 4.00. */
export const CHECKOUT_TOTAL = { amount: '57.00', currency: 'USD' } as const

export interface Sellers {
  /** Resellers, each with a store, a price list, a product, a manager with a key, and an API client. */
  readonly count: number
  readonly plansEach: number
  /** Accounts of the `n`th seller. */
  readonly accountsOf: (seller: number) => number
}

/** Writes resellers below the root and everything they sell. */
export async function writeSellers(client: Client, { count, plansEach, accountsOf }: Sellers): Promise<void> {
  const sellers = `generate_series(0, ${count - 1}) as s`
  const seller = sqlIdOf('seller', 's')
  const plans = `(select s, ${FIRST} + s * ${plansEach} + p as id, p from ${sellers}, generate_series(0, ${plansEach - 1}) as p) as plan`
  const secret = createHash('sha256').update(clientOf(0).secret).digest('hex')
  for (const statement of [
    `insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, currency, created_at, updated_at)
     select ${seller}, ${FIRST} + s, root.id, ${seller}, 'partner', 'Bench ' || s, root.path || (${FIRST} + s)::text, root.access_path,
            'USD', now(), now() from ${sellers}, tenants root where root.kind = 'root'`,
    `insert into account_classes (seller_id, id, name, is_default)
     select ${seller}, ${sqlIdOf('accountClass', 's')}, 'Standard', true from ${sellers}`,
    `insert into stores (id, seller_id, name, status, created_at, updated_at)
     select ${sqlIdOf('store', 's')}, ${seller}, 'Bench ' || s, 'active', now(), now() from ${sellers}`,
    `insert into domains (host, store_id, seller_id, origin, canonical, created_at)
     select h.host, ${sqlIdOf('store', 's')}, ${seller}, 'http://' || h.host, true, now()
       from ${sellers}, lateral (select 'shop-' || s || '.bench.example' as host) h`,
    `insert into managers (id, seller_id, name, key, role, created_at, updated_at)
     select ${sqlIdOf('manager', 's')}, ${seller}, 'Manager ' || s, 'sales-' || s, 'sales', now(), now() from ${sellers}`,
    `insert into api_clients (id, tenant_id, name, secret_hash, role_id, scopes, created_at)
     select 'bench-' || s, ${seller}, 'Bench', '\\x${secret}', 'partner_admin', '{checkouts:read,checkouts:write,usage:write,alerts:read,user_tokens:write}', now() from ${sellers}`,
    `insert into price_lists (seller_id, currency, updated_at) select ${seller}, 'USD', now() from ${sellers}`,
    `insert into products (id, seller_id, name, marketing_name, slug, published)
     select ${FIRST} + s, ${seller}, 'Backup', 'Backup', 'bench-' || s, true from ${sellers}`,
    `insert into plans (id, product_id, seller_id, name, status, billing_type, second_subscription, position)
     select id, ${FIRST} + s, ${seller}, 'Plan ' || p, 'active', 'pay_in_full', 'allow', p from ${plans}`,
    `insert into plan_periods (id, plan_id, duration_value, duration_unit, recurring_fee_minor)
     select id, id, 1, 'months', 4900 from ${plans}`,
    `insert into plan_resources (id, plan_id, name, unit, included, minimum, limit_quantity, recurring_fee_minor, usage_name, quota_per_unit, position)
     select id * 10 + r, id, 'Resource ' || r, 'unit', 5, 5, 100, 400, 'usage_' || r, 1, r
       from ${plans}, generate_series(0, ${RESOURCES_EACH - 1}) as r`,
  ])
    await client.query(statement)
  await writeAccounts(client, { count, plansEach, accountsOf })
  // Not all tables: of one that is analysed while empty PostgreSQL expects that it stays so.
  await client.query(
    'analyze tenants, account_classes, stores, domains, managers, api_clients, price_lists, products, plans, plan_periods, plan_resources, accounts',
  )
}

/** Accounts are numbered through, those of one seller in a row; see `firstAccountOf`. */
async function writeAccounts(client: Client, { count, accountsOf }: Sellers): Promise<void> {
  const sellers = Array.from({ length: count }, (_, seller) => seller)
  const values = [sellers, sellers.map((seller) => firstAccountOf({ accountsOf }, seller)), sellers.map(accountsOf)]
  const from = `unnest($1::integer[], $2::integer[], $3::integer[]) as seller (s, first, amount)
                cross join lateral generate_series(first, first + amount - 1) as a`
  const number = `(${2 * FIRST} + a)`
  await client.query(
    `insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, created_at, updated_at)
     select ${sqlIdOf('account', 'a')}, ${number}, t.id, t.id, 'customer', 'Customer ' || a, t.path || ${number}::text, t.access_path, now(), now()
       from ${from} join tenants t on t.id = ${sqlIdOf('seller', 's')}`,
    values,
  )
  await client.query(
    `insert into accounts (seller_id, tenant_id, account_class_id, registration, company_name, country, city, street, zip, currency, created_at, updated_at)
     select ${sqlIdOf('seller', 's')}, ${sqlIdOf('account', 'a')}, ${sqlIdOf('accountClass', 's')}, 'full', 'Customer ' || a, 'US',
            'Springfield', '1 Main Street', '01101', 'USD', now(), now() from ${from}`,
    values,
  )
}

/** Number of the first account of a seller. */
export const firstAccountOf = ({ accountsOf }: Pick<Sellers, 'accountsOf'>, seller: number): number =>
  Array.from({ length: seller }, (_, before) => accountsOf(before)).reduce((sum, amount) => sum + amount, 0)

/** Which checkouts: the `n`th is of seller `firstSeller + n % sellers`, of its accounts and plans in turn. */
export interface Checkouts {
  readonly kind: 'checkout' | 'limitCheckout'
  readonly first: number
  readonly count: number
  readonly firstSeller: number
  readonly sellers: number
  /** Of each of these sellers: all have the same. */
  readonly accountsEach: number
  readonly firstAccount: number
  readonly plansEach: number
}

/** Writes open checkouts, as `POST /api/v1/checkouts` would for a link that asks for seven of the first resource. */
export async function writeCheckouts(client: Client, which: Checkouts): Promise<void> {
  const { firstSeller, sellers, accountsEach, firstAccount, plansEach } = which
  await client.query(
    `insert into checkouts (seller_id, id, status, account_id, store_id, created_by, query, selection, correlation_id, created_at, expires_at)
     select ${sqlIdOf('seller', 's')}, ${sqlIdOf(which.kind, 'n')}, 'open', ${sqlIdOf('account', 'account')}, ${sqlIdOf('store', 's')},
            'api_client:bench-' || s, '?' || plan, jsonb_build_object('planId', plan::text, 'planPeriodId', plan::text,
            'quantities', jsonb_build_object((plan * 10)::text, '7'), 'topupMinor', null, 'attributes', '{}'::jsonb,
            'skipAllSteps', false, 'orderType', null, 'ga', null), gen_random_uuid(), now(), now() + interval '30 days'
       from generate_series($1::integer, $2::integer) as n,
            lateral (select ${firstSeller} + n % ${sellers} as s) seller,
            lateral (select ${firstAccount} + (n % ${sellers}) * ${accountsEach} + (n / ${sellers}) % ${accountsEach} as account,
                            ${FIRST} + s * ${plansEach} + (n / ${sellers}) % ${plansEach} as plan) chosen`,
    [which.first, which.first + which.count - 1],
  )
}
