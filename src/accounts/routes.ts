import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput } from '../platform/http/list.ts'
import { idOf, pageInput, pageOf } from '../platform/http/schemas.ts'
import { listVisibleSellerIds } from '../tenants/index.ts'
import { AcceptanceView, viewAcceptances } from './acceptance-view.ts'
import { getAccount } from './get-account.ts'
import { holdRoutes } from './hold-routes.ts'
import { type AccountFacts, presentAccount, presentAccounts } from './present-accounts.ts'
import { AccountView } from './schema.ts'
import { ACCOUNT_LISTING, searchAccounts } from './store.ts'

/** `GET /api/v1/accounts` and one of them. */
export const accountRoutes = (facts: AccountFacts): AnyRoute[] => [
  ...holdRoutes(facts),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/accounts',
      scope: 'accounts:read',
      tag: 'Accounts',
      summary: 'List payer accounts, newest first',
      description:
        'The accounts at and below the caller’s tenant; a sales manager’s are those attributed to them. `query` matches a part of the name or of a user’s e-mail address, or the whole number.',
      input: z.object({ ...pageInput, ...sortInput(ACCOUNT_LISTING), query: z.string().max(200).optional() }),
      output: pageOf(AccountView),
      async handle({ db, actor }, wish) {
        const sellerIds = await listVisibleSellerIds(db, actor)
        const page = await searchAccounts(db, { sellerIds, viewer: actor, ...wish })
        return { items: await presentAccounts(db, facts, page.items), nextCursor: page.nextCursor }
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/accounts/:accountId',
    scope: 'accounts:read',
    tag: 'Accounts',
    summary: 'Read one payer account',
    input: z.object({ accountId: idOf<TenantId>() }),
    output: AccountView,
    async handle({ db, actor }, { accountId }) {
      return presentAccount(db, facts, await getAccount(db, actor, accountId))
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/accounts/:accountId/acceptances',
    scope: 'accounts:read',
    tag: 'Accounts',
    summary: 'Read which documents were accepted, when and by whom',
    input: z.object({ accountId: idOf<TenantId>() }),
    output: z.object({ items: z.array(AcceptanceView) }),
    async handle({ db, actor }, { accountId }) {
      return { items: await viewAcceptances(db, await getAccount(db, actor, accountId)) }
    },
  }),
]
