import type { CorrelationId, SellerId, TenantId } from '../kernel/ids.ts'

export type CostStatementId = string

/** One sale of a plan of somebody above, or what was given back of one: what it cost one reseller on the way down. */
export interface CostLine {
  /** Who sold it to a customer. */
  readonly saleSellerId: SellerId
  /** The posting that moved the income; of what cost the customer nothing, the order. */
  readonly sourceId: string
  readonly at: Date
  readonly kind: string
  /** Number of the order; the month of usage. */
  readonly document: string
  readonly title: string
  readonly saleCurrency: string
  /** Net, as the customer was charged; negative: given back. Minor units of `saleCurrency`. */
  readonly saleMinor: bigint
  /** Minor units of the statement's currency. */
  readonly costMinor: bigint
}

/** Between whom a statement is: who pays, and who is paid. */
export interface Relation {
  readonly supplierId: SellerId
  readonly resellerId: SellerId
  readonly currency: string
}

declare module '../platform/db.ts' {
  interface Database {
    cost_statements: {
      seller_id: SellerId
      id: CostStatementId
      sequence: bigint
      number: string
      reseller_id: TenantId
      period: string
      currency: string
      cost_minor: bigint
      sales_minor: bigint
      correlation_id: CorrelationId
      issued_at: Date
    }
    cost_statement_lines: {
      seller_id: SellerId
      statement_id: CostStatementId
      position: number
      sale_seller_id: SellerId
      source_id: string
      reseller_id: TenantId
      at: Date
      kind: string
      document: string
      title: string
      sale_currency: string
      sale_minor: bigint
      cost_minor: bigint
    }
  }
}
