import { z } from 'zod'
import {
  type AccountFacts,
  AcceptanceView,
  AccountView,
  getAccount,
  presentAccount,
  viewAcceptances,
} from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { listOrders, OrderSummary } from '../orders/index.ts'
import { listPayments, PaymentSummary } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Instant, PAGE_LIMIT } from '../platform/http/schemas.ts'
import { listSubscriptions, SubscriptionSummary } from '../subscriptions/index.ts'
import { listUserViews, UserView } from '../users/index.ts'

const AccountExport = z.object({
  exportedAt: Instant,
  account: AccountView,
  users: z.array(UserView),
  subscriptions: z.array(SubscriptionSummary),
  orders: z.array(OrderSummary),
  payments: z.array(PaymentSummary),
  acceptances: z.array(AcceptanceView),
})

/** What the file holds; a program narrowed to less does not get it by this door. */
const NEEDED = ['accounts:read', 'orders:read', 'payments:read', 'subscriptions:read']

/** An account's own data as one file (GDPR articles 15 and 20). */
export const accountExportRoutes = (facts: AccountFacts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/accounts/:accountId/export',
    scope: 'users:read',
    tag: 'Accounts',
    summary: 'Download all data of an account as one JSON file',
    description:
      'Profile, users, subscriptions, orders, payments, accepted documents. Needs the scopes to read each of them.',
    input: z.object({ accountId: idOf<TenantId>() }),
    output: AccountExport,
    async handle({ db, clock, actor, reply }, { accountId }) {
      const lacking = NEEDED.find((scope) => !actor.scopes.has(scope))
      if (lacking !== undefined) throw new BuylinkError('forbidden', `An export needs the scope ${lacking} too.`)
      const account = await getAccount(db, actor, accountId)
      const own = readAll(db, actor, accountId)
      reply.header('content-disposition', `attachment; filename="account-${account.number}.json"`)
      return {
        exportedAt: clock.now(),
        account: await presentAccount(db, facts, account),
        users: await listUserViews(db, actor, accountId),
        subscriptions: await own(listSubscriptions),
        orders: await own(listOrders),
        payments: await own(listPayments),
        acceptances: await viewAcceptances(db, account),
      }
    },
  }),
]

type List<Item> = (
  db: Db,
  actor: Principal,
  query: { readonly accountId: TenantId; readonly limit: number; readonly cursor?: string },
) => Promise<{ readonly items: Item[]; readonly nextCursor: string | null }>

/** Every page of a list of the account. */
const readAll =
  (db: Db, actor: Principal, accountId: TenantId) =>
  async <Item>(list: List<Item>): Promise<Item[]> => {
    const items: Item[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<List<Item>>> = await list(db, actor, {
        accountId,
        limit: PAGE_LIMIT.max,
        ...(cursor !== null && { cursor }),
      })
      items.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== null)
    return items
  }
