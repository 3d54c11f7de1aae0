import type { WireMoney } from '../../../kernel/money.ts'

interface Named {
  readonly id: string
  readonly name: string
}

export interface Costs {
  readonly reseller: Named
  readonly supplier: Named
  readonly cost: WireMoney
  readonly sales: WireMoney
}

export interface RunningCosts extends Costs {
  readonly count: number
}

/** What an external service asks of who owns the plan, in a month. */
export interface ServiceCost {
  readonly period: string
  readonly owner: Named
  readonly plan: Named
  readonly service: string
  readonly amount: WireMoney
  readonly netCost: WireMoney
  readonly withoutCost: number
}

export interface CostStatement extends Costs {
  readonly id: string
  readonly number: string
  /** First day of the month. */
  readonly period: string
  readonly issuedAt: string
}

export interface WholeCostStatement extends CostStatement {
  readonly lines: readonly {
    readonly sourceId: string
    readonly at: string
    readonly kind: string
    readonly document: string
    readonly title: string
    readonly soldBy: Named
    readonly sale: WireMoney
    readonly cost: WireMoney
  }[]
}
