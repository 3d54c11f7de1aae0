import { z } from 'zod'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Whole } from '../platform/http/schemas.ts'
import { verifyLedger } from './verify-ledger.ts'

const Verification = z.object({
  ok: z.boolean(),
  checked: z.object({ postings: Whole, entries: Whole, accounts: Whole }),
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
})

export const ledgerRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/ledger/verification',
    scope: 'ledger:read',
    summary: 'Prove the books of the caller’s seller and those below it',
    description:
      'Every posting sums to zero per currency and has entries; every balance equals the sum of its entries. ' +
      'Reads one snapshot, so it may run while money moves. At most 100 problems are listed.',
    input: z.object({}),
    output: Verification,
    handle: async ({ db, actor }) => {
      const { problems, ...verification } = await verifyLedger(db, actor.path)
      return { ...verification, problems: [...problems] }
    },
  }),
]
