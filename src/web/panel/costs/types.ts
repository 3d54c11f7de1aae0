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
