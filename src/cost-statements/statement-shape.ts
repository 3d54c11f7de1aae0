import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { Amount, Instant, idOf, pageInput, pageOf, Uuid } from '../platform/http/schemas.ts'

const Named = z.object({ id: Uuid, name: z.string() })

const between = {
  reseller: Named.meta({ description: 'Who pays' }),
  supplier: Named.meta({ description: 'Whose prices these are: the one above' }),
  cost: Amount.meta({ description: 'Net cost, in the reseller’s currency' }),
  sales: Amount.meta({ description: 'What the reseller itself sold it for, net of tax' }),
}

export const CostStatementSummary = z.object({
  id: Uuid,
  number: z.string().meta({ description: 'Of those that the supplier states, without gaps' }),
  period: z.iso.date().meta({ description: 'First day of the month, UTC' }),
  ...between,
  issuedAt: Instant,
})

export const CostStatementLine = z.object({
  sourceId: Uuid.meta({ description: 'The posting in the books of who sold it; of what was free, the order' }),
  at: Instant,
  kind: z.string().meta({ description: '`order_booked`, `usage_charged`, or what gave a part or all of it back' }),
  document: z.string().meta({ description: 'Number of the order; the month of usage' }),
  title: z.string(),
  soldBy: Named,
  sale: Amount.meta({ description: 'Net, in the currency of who sold it; negative: given back' }),
  cost: Amount,
})

export const CostStatementView = CostStatementSummary.extend({ lines: z.array(CostStatementLine) })
export type CostStatementView = z.output<typeof CostStatementView>

export const CostStatementQuery = z.object({
  ...pageInput,
  resellerId: idOf<TenantId>().optional().meta({ description: 'Of this reseller alone' }),
})
export const CostStatementList = pageOf(CostStatementSummary)
export const RunningList = z.object({
  items: z.array(z.object({ ...between, count: z.int().meta({ description: 'Sales so far' }) })),
})
