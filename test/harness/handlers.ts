import { pino } from 'pino'
import type { TestDatabase } from './database.ts'
import { openMailbox } from './mailbox.ts'
import { LINK, openShop, placing } from './shop.ts'
import { createAccount, createSeller } from '../../src/accounts/index.ts'
import { linkAccount } from '../../src/attribution/index.ts'
import { newId, type TenantId } from '../../src/kernel/ids.ts'
import { createCheckout, orderSubscribers, placeOrder } from '../../src/orders/index.ts'
import type { Principal } from '../../src/platform/actor.ts'
import { createSeal } from '../../src/platform/auth/seal.ts'
import { transaction } from '../../src/platform/db.ts'
import { createJobs } from '../../src/platform/jobs.ts'
import { createMailSender } from '../../src/platform/mail/mail-sender.ts'
import { createOutboundGuard } from '../../src/platform/outbound/guard.ts'
import { createProvisioningSubscriber } from '../../src/provisioning/index.ts'
import { systemActor, tenantOf } from '../../src/tenants/index.ts'
import { createUser } from '../../src/users/index.ts'
import { listDeliveries } from '../../src/notifications/delivery-view.ts'
import { createNotifier } from '../../src/notifications/notify.ts'
import { createWebhookSender } from '../../src/notifications/webhook-sender.ts'

/** The demonstration store with its events told over a real mail server, and a rival that must see nothing of it. */
export async function openHandlers(database: TestDatabase) {
  const shop = await openShop(database)
  const { db, clock, pool } = shop
  const mailbox = await openMailbox()
  const log = pino({ level: 'silent' })
  const places = { publicUrl: 'http://localhost:8080', originOf: () => shop.store.origin }
  const notifier = createNotifier({ places, wake: () => undefined })
  const mail = createMailSender({ smtpUrl: mailbox.url, publicUrl: places.publicUrl })
  const guard = createOutboundGuard({ allowInternal: true })
  const deps = { db, clock, guard, seal: createSeal('a secret of the tests, long enough', 'webhook'), log }
  const sender = createWebhookSender(deps)
  const jobs = createJobs({
    connectionString: database.connectionString,
    db,
    pool,
    clock,
    log,
    subscribers: [notifier, mail.subscriber, createProvisioningSubscriber(shop.connectors), ...orderSubscribers],
  })
  database.beforeClose(async () => {
    await jobs.stop()
    await sender.stop()
    mail.close()
  })
  await jobs.drain()

  const northwind: Principal = systemActor(
    shop.store.sellerId,
    tenantOf(shop.store.sellerId),
    shop.store.sellerPath,
    'test',
  )
  const rival = await createSeller(db, clock, shop.operator, {
    parentId: shop.operator.tenantId,
    name: 'Rival',
    currency: 'USD',
  })
  const rivalActor = systemActor(rival.sellerId, rival.id, rival.path, 'rival')

  /** A customer with an administrator, perhaps credited to a manager. */
  async function customer(name: string, given: { language?: string; managerKey?: string } = {}) {
    const email = `${name.toLowerCase()}@customer.example`
    const account = await transaction(db, async (tx) => {
      const made = await createAccount(tx, clock, shop.operator, {
        parentId: tenantOf(shop.store.sellerId),
        name,
        registration: 'full',
        details: {
          customerType: 'business',
          companyName: name,
          country: 'US',
          city: 'Springfield',
          street: '1 Main Street',
          zip: '01101',
        },
      })
      await linkAccount(tx, {
        sellerId: shop.store.sellerId,
        accountId: made.id,
        touch: given.managerKey ? { key: given.managerKey, channel: 'store_page', at: clock.now() } : null,
        reason: 'registration',
        orderId: null,
        actor: shop.operator,
        correlationId: newId(),
        at: clock.now(),
      })
      return made
    })
    const user = await createUser(db, clock, shop.operator, {
      tenantId: account.id,
      email,
      roles: ['company_admin'],
      language: given.language ?? 'en',
    })
    return { id: account.id, actor: systemActor(shop.store.sellerId, account.id, account.path, name), email, user }
  }

  async function order(by: { id: TenantId; actor: Principal }) {
    const link = {
      accountId: by.id,
      storeId: shop.store.storeId,
      link: LINK.monthly,
      cookieKey: null,
      idempotencyKey: null,
    }
    const checkoutId = await createCheckout(shop, by.actor, link)
    return placeOrder({ ...shop, termsUrlOf: () => null }, by.actor, placing(checkoutId, 4900n))
  }

  const mailsTo = async (email: string) =>
    (
      await db.selectFrom('mails').where('recipient', '=', email).select(['subject', 'purpose']).orderBy('id').execute()
    ).map(({ subject }) => subject)
  const logOf = async (actor: Principal, eventType: string) =>
    (await listDeliveries(db, actor, { limit: 200, eventType })).items
  const text = (subject: string, body = 'Text') => ({ en: { subject, body } })
  const input = {
    name: 'Mine',
    eventType: 'account.created' as const,
    channel: 'email' as const,
    recipients: ['customer' as const],
    addresses: [],
    webhookId: null,
    condition: '',
    templates: text('Mine'),
    enabled: true,
    delegated: true,
    overrides: null,
  }

  return {
    db,
    clock,
    pool,
    shop,
    mailbox,
    log,
    places,
    notifier,
    deps,
    sender,
    jobs,
    northwind,
    rival,
    rivalActor,
    customer,
    order,
    mailsTo,
    logOf,
    text,
    input,
  }
}
