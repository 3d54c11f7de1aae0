import { effectiveBrand } from '../branding/index.ts'
import { DAY_MS } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { renderMail } from '../platform/mail/layout.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { type Quota, quotaOf } from '../quotas/index.ts'
import { type Administrator, administratorsToMail } from './buyers-view.ts'
import type { Mailing, QuotaMailDeps } from './mailing.ts'
import { claimMail } from './store.ts'
import { alertTitle, amountText, textsFor } from './texts.ts'

/**
 * Warns the administrators of a partner whose own pool runs out, and nobody else: not its customers, who have quotas of
 * their own, and without anything to buy (spec/upsell.md "Quotas and usage"). Damped as every quota mail.
 */
export async function mailPool(db: Db, deps: QuotaMailDeps, mailing: Omit<Mailing, 'userId'>): Promise<void> {
  for (const administrator of await administratorsToMail(db, mailing.sellerId, mailing.tenantId))
    await transaction(db, async (tx: Tx) => {
      const { sellerId, tenantId, usageName, at } = mailing
      const quota = await quotaOf(tx, sellerId, { tenantId, usageName })
      if (quota.state === 'fine' || quota.value === null) return
      const notSince = new Date(at.getTime() - DAY_MS)
      if (!(await claimMail(tx, { ...mailing, userId: administrator.id, notSince }))) return
      const unsubscribeUrl = deps.stopUrlOf(sellerId, administrator.id)
      const brand = await effectiveBrand(tx, tenantId)
      await queueMail(tx, {
        ...render(
          administrator,
          { ...quota, value: quota.value },
          {
            brand: { name: brand.serviceName, colour: brand.color ?? '' },
            url: deps.poolUrlOf(sellerId, tenantId),
            unsubscribeUrl,
          },
        ),
        sellerId,
        tenantId,
        to: administrator.email,
        purpose: 'quota',
        unsubscribeUrl,
        correlationId: mailing.correlationId,
        at,
      })
    })
}

function render(
  { language, tenantName }: Administrator,
  quota: Quota & { readonly value: bigint },
  {
    brand,
    url,
    unsubscribeUrl,
  }: {
    readonly brand: { readonly name: string; readonly colour: string }
    readonly url: string
    readonly unsubscribeUrl: string
  },
): { subject: string; html: string; text: string } {
  const texts = textsFor(language)
  const { mail } = texts
  const amount = (units: bigint) => amountText(language, quota.measurementUnit, units)
  const used = amount(quota.used ?? 0n)
  const title = `${tenantName}: ${alertTitle(texts, quota.usageName, quota.state)}`
  const rendered = renderMail(brand, {
    language,
    preview: mail.preview(used, amount(quota.value)),
    heading: title,
    paragraphs: [mail.pool(tenantName)],
    facts: [
      { label: mail.used, value: used },
      { label: mail.quota, value: amount(quota.value) },
    ],
    button: { label: mail.poolButton, url },
    linkHint: mail.linkHint,
    footer: [mail.poolReason(brand.name)],
    footerLink: { label: mail.stop, url: unsubscribeUrl },
  })
  return { subject: title, ...rendered }
}
