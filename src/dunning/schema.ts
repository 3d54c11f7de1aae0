import { z } from 'zod'
import type { PaymentId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

export const DunningAction = z.enum(['charge', 'remind', 'stop']).meta({
  description:
    '`charge`: to the kept card, and a reminder where there is none; `remind`: by mail, with a link to pay; `stop`: the service that is not paid for, until it is',
})
export type DunningAction = z.infer<typeof DunningAction>

/** What is done so many days after the due date. */
export interface DunningStep {
  readonly day: number
  readonly action: DunningAction
}

export const DunningOutcome = z.enum([
  'started',
  'paid',
  'paid_from_balance',
  'needs_payer',
  'declined',
  'cancelled',
  'reminded',
  'stopped',
  'nothing_to_stop',
  'skipped',
])
export type DunningOutcome = z.infer<typeof DunningOutcome>
export const DunningStatus = z.enum(['running', 'paid', 'cancelled', 'exhausted']).meta({
  description: '`exhausted`: all was done, and it is not paid',
})
export type DunningStatus = z.infer<typeof DunningStatus>

/** A payment of a renewal or an owed invoice that is asked for by a schedule. */
export interface Dunning {
  readonly sellerId: SellerId
  readonly id: string
  readonly subjectKind: 'payment' | 'invoice'
  readonly subjectId: string
  readonly accountId: TenantId
  /** What is paid; of an invoice it is made with the first step. */
  readonly paymentId: PaymentId | null
  /** What a step of it stopped. */
  readonly stoppedSubscriptionId: SubscriptionId | null
  readonly dueAt: Date
  readonly steps: readonly DunningStep[]
  /** Of the step that comes next. */
  readonly position: number
  readonly status: DunningStatus
  readonly nextAt: Date | null
}

/** A step that was taken. */
export interface TakenStep extends DunningStep {
  readonly position: number
  readonly outcome: DunningOutcome
  readonly chargeId: string | null
  readonly at: Date
}

declare module '../platform/db.ts' {
  interface Database {
    dunning_settings: { seller_id: SellerId; steps: unknown; version: bigint; updated_at: Date }
    dunnings: {
      seller_id: SellerId
      id: string
      subject_kind: 'payment' | 'invoice'
      subject_id: string
      account_id: TenantId
      payment_id: PaymentId | null
      stopped_subscription_id: SubscriptionId | null
      due_at: Date
      steps: unknown
      position: number
      status: DunningStatus
      next_at: Date | null
      created_at: Date
      updated_at: Date
    }
    dunning_steps: {
      seller_id: SellerId
      dunning_id: string
      position: number
      day: number
      action: DunningAction
      outcome: DunningOutcome
      charge_id: string | null
      at: Date
    }
  }
}
