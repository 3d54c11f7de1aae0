import type { CorrelationId, SellerId, TenantId, UserId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import type { Subscriber } from '../platform/events/subscriber.ts'
import { renderMail } from '../platform/mail/layout.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { buyersToMail } from './buyers-view.ts'
import { type IsOwnUpgrade, type UpsellUser, upsellUser } from './facts-view.ts'
import { decideQuotaUpsell } from './rules.ts'
import type { ShownCounter } from './shown.ts'
import { claimMail } from './store.ts'
import { alertTitle, amountText, textsFor } from './texts.ts'

export interface QuotaMailDeps {
  readonly isOwnUpgrade: IsOwnUpgrade
  readonly shown: Pick<ShownCounter, 'note'>
  /** Where someone ends these mails with one click. */
  readonly stopUrlOf: (sellerId: SellerId, userId: UserId) => string
}

const RANK: Readonly<Record<string, number>> = { almost_reached: 1, reached: 2, exceeded: 3 }

/**
 * Mails about quotas: one to each buyer who wants them, when a line is crossed upwards; at most one a usage and day; none
 * about what is over again when it would be sent. The link and who gets one are decided as everywhere.
 */
export const createQuotaMails = (deps: QuotaMailDeps): Subscriber => ({
  name: 'quota-mails',
  on: ['quota.almost_reached', 'quota.exceeded'],
  async handle({ sellerId, tenantId, payload, correlationId }, { db, clock }) {
    const { state, previous_state: previous, usage_name: usageName, alert_id: alertId } = payload
    if (tenantId === null || (RANK[String(state)] ?? 0) <= (RANK[String(previous)] ?? 0)) return
    for (const userId of await buyersToMail(db, sellerId, tenantId))
      await mailTo(db, deps, {
        sellerId,
        tenantId,
        userId,
        usageName: String(usageName),
        alertId: String(alertId),
        correlationId,
        at: clock.now(),
      })
  },
})

interface Mailing {
  readonly sellerId: SellerId
  readonly tenantId: TenantId
  readonly userId: UserId
  readonly usageName: string
  readonly alertId: string
  readonly correlationId: CorrelationId
  readonly at: Date
}

const mailTo = (db: Db, deps: QuotaMailDeps, mailing: Mailing): Promise<void> =>
  transaction(db, async (tx: Tx) => {
    const { sellerId, userId, at } = mailing
    const user = await upsellUser(tx, deps.isOwnUpgrade, userId)
    const unsubscribeUrl = deps.stopUrlOf(sellerId, userId)
    const mail = renderQuotaMail(user, mailing, unsubscribeUrl)
    if (!mail) return
    if (!(await claimMail(tx, { ...mailing, notSince: new Date(at.getTime() - DAY_MS) }))) return
    const { hasLink, ...texts } = mail
    const { alertId, usageName } = mailing
    if (hasLink) deps.shown.note(sellerId, [{ alertId, usageName, place: 'email_notification' }])
    await queueMail(tx, {
      ...texts,
      sellerId,
      // Whose brand the look is of, and whose mail server sends it.
      ...(user.customerId !== null && { tenantId: user.customerId }),
      to: user.email,
      purpose: 'quota',
      unsubscribeUrl,
      correlationId: mailing.correlationId,
      at,
    })
  })

/** The mail as of now; undefined where there is nothing to tell any more, or not to this user. */
function renderQuotaMail(
  user: UpsellUser,
  { tenantId, usageName }: Pick<Mailing, 'tenantId' | 'usageName'>,
  stopUrl: string,
): { subject: string; html: string; text: string; hasLink: boolean } | undefined {
  const quota = user.quotas.find((each) => each.tenantId === tenantId && each.usageName === usageName)
  if (!quota?.alert || quota.value === null) return undefined
  const decision = decideQuotaUpsell(user, { kind: 'mail' }, null)
  if (decision.kind === 'nothing') return undefined
  const texts = textsFor(user.language)
  const { mail } = texts
  const amount = (units: bigint) => amountText(user.language, quota.measurementUnit, units)
  const title = alertTitle(texts, usageName, quota.state)
  const { contact } = user
  const contactFacts = [
    { label: mail.person, value: contact.name },
    { label: mail.email, value: contact.email },
    { label: mail.phone, value: contact.phone },
  ].flatMap(({ label, value }) => (value ? [{ label, value }] : []))
  const rendered = renderMail(
    { name: user.brand.serviceName, colour: user.brand.color ?? '' },
    {
      language: user.language,
      preview: mail.preview(amount(quota.used ?? 0n), amount(quota.value)),
      heading: title,
      paragraphs: [
        quota.scope === 'tenant' ? mail.paragraph(user.customerName) : mail.personal,
        decision.kind === 'buy_now' ? mail.buy : mail.contact,
      ],
      facts: [
        { label: mail.used, value: amount(quota.used ?? 0n) },
        { label: mail.quota, value: amount(quota.value) },
        ...(quota.overage === null ? [] : [{ label: mail.hardLimit, value: amount(quota.value + quota.overage) }]),
        ...(decision.kind === 'contact' ? contactFacts : []),
      ],
      ...(decision.kind === 'buy_now' && {
        button: { label: texts.buyNow, url: decision.url },
        linkHint: mail.linkHint,
      }),
      footer: [mail.reason(user.brand.serviceName)],
      footerLink: { label: mail.stop, url: stopUrl },
    },
  )
  return { subject: title, ...rendered, hasLink: decision.kind === 'buy_now' }
}
