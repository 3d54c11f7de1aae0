import { sql } from 'kysely'
import { effectiveBrand } from '../branding/index.ts'
import type { UserId } from '../kernel/ids.ts'
import { DAY_MS } from '../kernel/time.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { renderMail } from '../platform/mail/layout.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { type Quota, quotaOf } from '../quotas/index.ts'
import type { Mailing, QuotaMailDeps } from './quota-mails.ts'
import { claimMail } from './store.ts'
import { alertTitle, amountText, textsFor } from './texts.ts'

interface Administrator {
  readonly id: UserId
  readonly email: string
  readonly language: string
  readonly tenantName: string
}

/** Administrators of a partner, folder or the root itself, who want quota mails; of a customer or unit nobody. */
async function administratorsOf(db: Db, { sellerId, tenantId }: Pick<Mailing, 'sellerId' | 'tenantId'>) {
  const { rows } = await sql<Administrator>`
    select u.id, u.email, u.language, t.name as "tenantName"
      from tenants t join users u on u.seller_id = ${sellerId} and u.tenant_id = t.id
     where t.id = ${tenantId} and t.kind in ('root', 'partner', 'folder') and u.enabled and 'quota' = any(u.notifications)
       and exists (select from access_policies p where p.seller_id = u.seller_id and p.user_id = u.id and p.tenant_id = t.id
                      and p.role_id in ('root_admin', 'partner_admin'))
     order by u.id`.execute(db)
  return rows
}

/**
 * Warns the administrators of a partner whose own pool runs out, and nobody else: not its customers, who have quotas of
 * their own, and without anything to buy (spec/upsell.md "Quotas and usage"). Damped as every quota mail.
 */
export async function mailPool(db: Db, deps: QuotaMailDeps, mailing: Omit<Mailing, 'userId'>): Promise<void> {
  for (const administrator of await administratorsOf(db, mailing))
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
