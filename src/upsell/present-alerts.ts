import { z } from 'zod'
import { Instant, Uuid, Whole } from '../platform/http/schemas.ts'
import type { SalesContact, UpsellUser } from './facts-view.ts'
import { decideQuotaUpsell, type EditionsDecision, type Place, type UpsellDecision } from './rules.ts'
import { alertTitle, editionTitle, textsFor, usageTitle } from './texts.ts'

const State = z.enum(['almost_reached', 'reached', 'exceeded'])

export const Action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('buy_now'), text: z.string(), url: z.string() }),
  z.object({
    kind: z.literal('contact'),
    text: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    url: z.string().nullable(),
  }),
])
type Action = z.output<typeof Action>

export const UserAlerts = z.object({
  items: z.array(
    z.object({
      id: Uuid,
      usageName: z.string(),
      scope: z.enum(['tenant', 'user']).meta({ description: 'Whose quota: the customer’s, or the user’s own' }),
      state: State,
      title: z.string(),
      measurementUnit: z.enum(['bytes', 'quantity']),
      used: Whole,
      value: Whole,
      overage: Whole.nullable(),
      openedAt: Instant,
      action: Action.meta({ description: '`none` for who is no buyer' }),
    }),
  ),
  header: z.object({
    state: z.enum(['fine', 'almost_reached', 'reached', 'exceeded']).meta({ description: 'The worst of all usages' }),
    title: z.string().nullable(),
    usages: z.array(
      z.object({
        usageName: z.string(),
        tenantId: Uuid,
        scope: z.enum(['tenant', 'user']),
        title: z.string(),
        measurementUnit: z.enum(['bytes', 'quantity']),
        used: Whole.nullable(),
        value: Whole.nullable(),
        overage: Whole.nullable(),
        state: z.enum(['fine', 'almost_reached', 'reached', 'exceeded']),
      }),
    ),
    action: Action,
  }),
  edition: z.object({ edition: z.string(), title: z.string(), text: z.string(), action: Action }).nullable().meta({
    description:
      'The next higher edition that is offered, for the pages of subscriptions and usage; null: not asked for, there is none, or `PromoteHigherEditions` is off',
  }),
})
export type UserAlerts = z.output<typeof UserAlerts>

const RANK = ['fine', 'almost_reached', 'reached', 'exceeded'] as const

/**
 * What someone is shown in their console and in the menu header: today's truth, the worst first; and of the next edition.
 *
 * @param redirectUrl The page that shows it, checked.
 */
export function presentAlerts(
  user: UpsellUser,
  edition: EditionsDecision | null,
  redirectUrl: string | null,
): UserAlerts {
  const texts = textsFor(user.language)
  const act = (place: Place): Action =>
    actionOf(decideQuotaUpsell(user, place, redirectUrl), user.contact, user.language)
  const rank = (state: (typeof RANK)[number]) => RANK.indexOf(state)
  const items = user.quotas
    .flatMap((quota) => {
      const { alert, value } = quota
      if (!alert || value === null) return []
      return [
        {
          id: alert.id,
          usageName: quota.usageName,
          scope: quota.scope,
          state: alert.state,
          title: alertTitle(texts, quota.usageName, alert.state, quota.title),
          measurementUnit: quota.measurementUnit,
          used: quota.used ?? 0n,
          value,
          overage: quota.overage,
          openedAt: alert.openedAt,
          action: act({ kind: 'alert', usageName: quota.usageName }),
        },
      ]
    })
    .toSorted((a, b) => rank(b.state) - rank(a.state) || (a.id < b.id ? -1 : 1))
  const state = user.quotas.reduce<(typeof RANK)[number]>(
    (worst, quota) => (rank(quota.state) > rank(worst) ? quota.state : worst),
    'fine',
  )
  return {
    items,
    header: {
      state,
      title: items[0]?.title ?? null,
      usages: user.quotas.map((quota) => ({
        usageName: quota.usageName,
        tenantId: quota.tenantId,
        scope: quota.scope,
        title: usageTitle(texts, quota.usageName, quota.title),
        measurementUnit: quota.measurementUnit,
        used: quota.used,
        value: quota.value,
        overage: quota.overage,
        state: quota.state,
      })),
      action: act({ kind: 'header' }),
    },
    edition: presentEdition(user, edition),
  }
}

function presentEdition(user: UpsellUser, decision: EditionsDecision | null): UserAlerts['edition'] {
  if (decision === null || decision.kind === 'nothing') return null
  const texts = textsFor(user.language)
  const title = editionTitle(texts, decision.edition)
  return {
    edition: decision.edition,
    title,
    text: texts.higherEdition(title),
    action: actionOf(decision, user.contact, user.language),
  }
}

/** A decision in someone's words. */
export function actionOf(decision: UpsellDecision | EditionsDecision, contact: SalesContact, language: string): Action {
  const texts = textsFor(language)
  if (decision.kind === 'nothing') return { kind: 'none' }
  if (decision.kind === 'buy_now') return { kind: 'buy_now', text: texts.buyNow, url: decision.url }
  return { kind: 'contact', text: texts.contactSales, ...contact }
}
