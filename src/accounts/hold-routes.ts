import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { getAccount } from './get-account.ts'
import { holdAccount } from './hold-account.ts'
import { type AccountFacts, presentAccount } from './present-accounts.ts'
import { AccountView } from './schema.ts'

/** Administrative hold, by those above the account. */
export const holdRoutes = (facts: AccountFacts): AnyRoute[] => [
  route({
    method: 'PUT',
    path: '/api/v1/accounts/:accountId/hold',
    scope: 'accounts:write',
    tag: 'Accounts',
    summary: 'Put an account on administrative hold, or release it',
    description:
      'On hold nothing can be ordered or changed; what runs goes on. The reason is shown to the account’s people while it is held, and kept in the audit log.',
    input: z.object({
      accountId: idOf<TenantId>(),
      held: z.boolean(),
      reason: z.string().trim().min(1, 'Say why').max(500),
    }),
    output: AccountView,
    async handle({ db, clock, actor, request }, { accountId, ...change }) {
      await holdAccount(db, clock, actor, { ...change, id: accountId, ifMatch: request.ifMatch })
      return presentAccount(db, facts, await getAccount(db, actor, accountId))
    },
  }),
]
