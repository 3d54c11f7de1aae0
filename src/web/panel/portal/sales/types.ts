import type { FigureSteps, FigureSums } from '../../../design/figures.tsx'

/** A manager as the API shows one. */
export interface Manager {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly key: string | null
  readonly role: 'sales' | 'marketing' | 'owner' | 'admin'
  readonly active: boolean
  readonly isPartner: boolean
  readonly user: { readonly id: string; readonly email: string } | null
  readonly supervisor: { readonly id: string; readonly name: string } | null
  readonly account: { readonly id: string; readonly name: string } | null
  readonly version: number
}

export interface Program {
  readonly id: string
  readonly name: string
  readonly percent: string
  readonly appliesTo: 'first' | 'all'
  readonly validFrom: string
  readonly validUntil: string | null
  readonly partners: number
  readonly version: number
}

export interface Partner {
  readonly id: string
  readonly name: string
  readonly key: string | null
  readonly active: boolean
  readonly program: { readonly id: string; readonly name: string }
  readonly percent: string
  readonly appliesTo: 'first' | 'all'
  readonly ownPercent: string | null
  readonly ownAppliesTo: 'first' | 'all' | null
  readonly reportLinkedAt: string | null
  readonly version: number
}

export interface ManagerFigures extends FigureSums {
  readonly manager: {
    readonly id: string
    readonly name: string
    readonly key: string | null
    readonly isPartner: boolean
  }
}

export type ManagerReport = FigureSteps & Pick<ManagerFigures, 'manager'>

export interface AttributionLine {
  readonly id: string
  readonly at: string
  readonly outcome: 'linked' | 'unlinked' | 'refused'
  readonly reason: 'registration' | 'order' | 'relinked'
  readonly refusal: string | null
  readonly channel: string | null
  readonly touchedAt: string | null
  readonly manager: { readonly id: string; readonly name: string; readonly isPartner: boolean } | null
  readonly managerKey: string | null
  readonly orderId: string | null
  readonly by: { readonly kind: string; readonly name: string | null } | null
  readonly note: string
}

export interface AccountAttribution {
  readonly accountId: string
  readonly manager: { readonly id: string; readonly name: string } | null
  readonly since: string | null
  readonly lines: readonly AttributionLine[]
  readonly version: number
}
