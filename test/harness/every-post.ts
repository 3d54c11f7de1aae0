import type { SellerId } from '../../src/kernel/ids.ts'
import { addDays } from '../../src/kernel/time.ts'
import { createCallbackTokens } from '../../src/provisioning/webhook-connector.ts'
import { type Caller, SECRET, type TestApplication } from './application.ts'
import type { TestDatabase } from './database.ts'
import { type obedient, type Placed, setPostStage, USD } from './post-stage.ts'
import { cardPosts } from './card-posts.ts'
import { externalSubscription } from './external-subscription.ts'
import { discountPosts } from './discount-posts.ts'
import { operationPosts } from './operation-posts.ts'
import { notifyPosts } from './notify-posts.ts'
import { peoplePosts } from './people-posts.ts'
import { LINK } from './shop.ts'
import type { StripeStandIn } from './stripe.ts'

/** A request that succeeds and, but where it only asks, changes something. */
export interface Post {
  /** A stranger's browser may be signed in by the answer: it is a new one each time. */
  readonly by: () => Caller
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Fields of the answer that say how things stand by now, or are another secret for another browser. */
  readonly moving?: readonly string[]
}

const LIFE = ['status', 'history', 'provisioning', 'operation', 'closed_at', 'stopped_at', 'stop_reason', 'version']

/** For each POST of `/api/v1`, by its path in the document, one that succeeds on the demonstration store. In their order. */
export async function everyPost(
  app: TestApplication,
  database: TestDatabase,
  { stripe, service }: { readonly stripe: StripeStandIn; readonly service: ReturnType<typeof obedient> },
): Promise<Readonly<Record<string, () => Promise<Post>>>> {
  const stage = await setPostStage(app, database, service)
  const { operator, reseller, customer, stranger, mailbox, account, sellerId } = stage
  const { get, make, quiet, checkout, placing, order, paid, remotePlan } = stage
  /** Opened before. */
  const program = async () => (await get<{ items: { id: string }[] }>('/api/v1/referral-programs')).items[0]?.id
  const partner = async () =>
    make('/api/v1/referral-partners', {
      program_id: await program(),
      name: 'Pat',
      key: 'pat',
      email: 'pat@partner.example',
    })
  const payment = async () => (await order()).payment?.id
  const offers = () =>
    make<{ id: string; answer: { offers: object[] } }>('/api/v1/offers', { horizon_days: 0 }, customer)
  return {
    // Before anything that is bought below.
    '/api/v1/offers': async () => ({ by: () => customer, path: '/api/v1/offers', body: { horizon_days: 0 } }),
    '/api/v1/offers/{offer_id}/contact': async () => ({
      by: () => customer,
      path: `/api/v1/offers/${(await offers()).id}/contact`,
      body: { message: 'Call me' },
    }),
    '/api/v1/offers/{offer_id}/answer': async () => {
      const { id } = await offers()
      await make(`/api/v1/offers/${id}/contact`, { message: 'Call me' }, customer)
      return { by: () => reseller, path: `/api/v1/offers/${id}/answer`, body: { reply: 'Gladly' } }
    },
    '/api/v1/offers/{offer_id}/reassign': async () => ({
      by: () => customer,
      path: `/api/v1/offers/${await stage.reassignable()}/reassign`,
    }),
    '/api/v1/offers/{offer_id}/place': async () => {
      const topup = await make('/api/v1/payments', { account_id: account.id, amount: USD('100.00') }, customer)
      await make(`/api/v1/payments/${topup.id}/approve`, {})
      const { id, answer } = await offers()
      const { today, recurring_after } = answer.offers[0] as { today: object; recurring_after: object }
      const consent = { accept_recurring: recurring_after, accept_terms: true, pay_from_balance: true }
      const body = { expected_total: today, ...consent }
      return { by: () => customer, path: `/api/v1/offers/${id}/place`, body, moving: [...LIFE, 'raised_at'] }
    },
    '/api/v1/users': async () => ({
      by: () => reseller,
      path: '/api/v1/users',
      body: { email: 'new@northwind.example', first_name: 'Nora', last_name: 'New', roles: ['sales'] },
    }),
    '/api/v1/clients': async () => ({ by: () => reseller, path: '/api/v1/clients', body: { name: 'Shop' } }),
    '/api/v1/brands/{tenant_id}/test-mails': async () => ({
      by: () => reseller,
      path: `/api/v1/brands/${sellerId}/test-mails`,
      body: { options: { smtp_server: '127.0.0.1', smtp_port: mailbox.port, smtp_encryption: '' } },
    }),
    '/api/v1/resellers': async () => ({
      by: () => operator,
      path: '/api/v1/resellers',
      body: { name: 'Fabrikam', currency: 'EUR', administrator: { email: 'fay@fabrikam.example' } },
    }),
    '/api/v1/resellers/{seller_id}/test-clock': async () => {
      const administrator = { email: 'sam@sandbox.example' }
      const { id } = await make('/api/v1/resellers', { name: 'Sandbox', currency: 'EUR', administrator }, operator)
      return { by: () => operator, path: `/api/v1/resellers/${id}/test-clock`, body: { now: '2031-01-01T00:00:00Z' } }
    },
    '/api/v1/users/{user_id}/invitation': async () => {
      const user = await make('/api/v1/users', { email: 'ivo@northwind.example', roles: ['sales'] })
      return { by: () => reseller, path: `/api/v1/users/${user.id}/invitation`, body: {} }
    },
    ...operationPosts(database, { operator, reseller, order }),
    ...peoplePosts(app, stage),
    ...discountPosts(stage),
    '/api/v1/managers': async () => ({
      by: () => reseller,
      path: '/api/v1/managers',
      body: { name: 'Mia', role: 'sales', email: 'mia@northwind.example' },
    }),
    '/api/v1/plans': async () => {
      const products = await get<{ items: { id: string }[] }>('/api/v1/products')
      return { by: () => reseller, path: '/api/v1/plans', body: { product_id: products.items[0]?.id, name: 'Another' } }
    },
    '/api/v1/plans/{plan_id}/price-changes': async () => ({
      by: () => reseller,
      path: '/api/v1/plans/425/price-changes',
      body: { effective_at: addDays(app.clock.now(), 60).toISOString() },
    }),
    '/api/v1/plans/{plan_id}/previews': async () => ({
      by: () => reseller,
      path: '/api/v1/plans/425/previews',
      body: {},
    }),
    '/api/v1/products': async () => ({ by: () => reseller, path: '/api/v1/products', body: { name: 'Fax' } }),
    '/api/v1/categories': async () => ({
      by: () => reseller,
      path: '/api/v1/categories',
      body: { name: 'Old things' },
    }),
    '/api/v1/stores': async () => ({
      by: () => reseller,
      path: '/api/v1/stores',
      body: { name: 'Second store', domains: ['https://second.example'] },
    }),
    '/api/v1/configuration/applications': async () => ({
      by: () => operator,
      path: '/api/v1/configuration/applications',
      body: { file: 'reseller:\n  name: Tailspin\n  currency: EUR\n' },
    }),
    '/api/v1/buy-links/explain': async () => ({
      by: stranger,
      path: '/api/v1/buy-links/explain',
      body: { url: `http://localhost:8080/external_dispatcher/settle${LINK.monthly}` },
    }),
    '/api/v1/checkouts': async () => ({ by: () => customer, path: '/api/v1/checkouts', body: { link: LINK.monthly } }),
    '/api/v1/checkouts/{checkout_id}/place': async () => {
      const { id, total } = await checkout({ plan: '425', period: '1840' })
      return { by: () => customer, path: `/api/v1/checkouts/${id}/place`, body: placing(total) }
    },
    '/api/v1/payments': async () => ({
      by: () => customer,
      path: '/api/v1/payments',
      body: { account_id: account.id, amount: USD('500.00') },
    }),
    '/api/v1/payments/{payment_id}/approve': async () => {
      const { id } = await make('/api/v1/payments', { account_id: account.id, amount: USD('500.00') }, customer)
      return { by: () => reseller, path: `/api/v1/payments/${id}/approve`, body: {} }
    },
    '/api/v1/payments/{payment_id}/refunds': async () => ({
      by: () => reseller,
      path: `/api/v1/payments/${(await paid()).payment?.id}/refunds`,
      body: { method: 'balance', reason: 'Ordered twice' },
    }),
    '/api/v1/payments/{payment_id}/pay-from-balance': async () => ({
      by: () => customer,
      path: `/api/v1/payments/${await payment()}/pay-from-balance`,
      body: {},
    }),
    '/api/v1/payments/{payment_id}/cancel': async () => ({
      by: () => customer,
      path: `/api/v1/payments/${await payment()}/cancel`,
      body: {},
    }),
    '/api/v1/payments/{payment_id}/card-sessions': async () => ({
      by: () => customer,
      path: `/api/v1/payments/${await payment()}/card-sessions`,
      body: {},
    }),
    '/api/v1/payments/{payment_id}/card-sessions/check': async () => {
      const id = await payment()
      const { url } = await make<{ id: string; url: string }>(`/api/v1/payments/${id}/card-sessions`, {}, customer)
      stripe.pay(url.split('/').at(-1) ?? '')
      return { by: () => customer, path: `/api/v1/payments/${id}/card-sessions/check`, body: {} }
    },
    ...cardPosts(stage, stripe),
    '/api/v1/orders/{order_id}/cancel': async () => ({
      by: () => customer,
      path: `/api/v1/orders/${(await order()).id}/cancel`,
      body: { reason: 'Too dear' },
    }),
    '/api/v1/orders/{order_id}/retry': async () => {
      service.result = { kind: 'refused', message: 'Not today' }
      const { id } = await paid(await remotePlan())
      service.result = { kind: 'done' }
      return { by: () => reseller, path: `/api/v1/orders/${id}/retry`, body: {}, moving: LIFE }
    },
    '/api/v1/provisioning-tasks/{seller}/{task_id}/result': async () => {
      service.result = { kind: 'accepted', deadlineAt: new Date(app.clock.now().getTime() + 3_600_000) }
      await paid(await remotePlan())
      service.result = { kind: 'done' }
      const id = service.asked.at(-1) ?? ''
      const token = createCallbackTokens(SECRET).tokenOf(sellerId as SellerId, id)
      return {
        by: stranger,
        path: `/api/v1/provisioning-tasks/${sellerId}/${id}/result`,
        body: { token, status: 'done' },
      }
    },
    '/api/v1/orders/{order_id}/undo': async () => {
      const { subscription } = await paid()
      const change = { subscription_id: subscription.id, resources: [{ id: '9001', quantity: '6' }] }
      const { id, total, ...drawn } = await make<{ id: string; total: object; change: { recurring: object } }>(
        '/api/v1/checkouts',
        change,
        customer,
      )
      const placed = await make<Placed>(
        `/api/v1/checkouts/${id}/place`,
        { ...placing(total), accept_recurring: drawn.change.recurring, pay_from_balance: true },
        customer,
      )
      await quiet()
      return { by: () => reseller, path: `/api/v1/orders/${placed.id}/undo`, body: {}, moving: LIFE }
    },
    ...Object.fromEntries(
      ['cancel', 'keep', 'stop', 'resume', 'retry'].map((what) => [
        `/api/v1/subscriptions/{subscription_id}/${what}`,
        async () => {
          const { subscription } = await paid(await remotePlan())
          const path = `/api/v1/subscriptions/${subscription.id}`
          if (what === 'keep') await make(`${path}/cancel`, {}, customer)
          if (what === 'resume') await make(`${path}/stop`, {})
          if (what === 'retry') {
            service.result = { kind: 'refused', message: 'Not today' }
            await make(`${path}/stop`, {})
          }
          await quiet()
          service.result = { kind: 'done' }
          return { by: () => reseller, path: `${path}/${what}`, body: {}, moving: LIFE }
        },
      ]),
    ),
    '/api/v1/connectors': async () => ({
      by: () => reseller,
      path: '/api/v1/connectors',
      body: { name: 'backup-service', url: 'http://127.0.0.1:9/hook' },
    }),
    // Nobody is there: that is what is answered.
    '/api/v1/connectors/{connector}/test': async () => {
      const name = 'no-service'
      await reseller.send('POST', '/api/v1/connectors', { name, url: 'http://127.0.0.1:9/hook' })
      return { by: () => reseller, path: `/api/v1/connectors/${name}/test`, body: {}, moving: ['took_ms'] }
    },
    '/api/v1/platforms': async () => ({
      by: () => reseller,
      path: '/api/v1/platforms',
      body: { name: 'away', title: 'Away', base_url: 'http://127.0.0.1:1', client_id: 'shop', secret: 'secret' },
      // It is looked up by the minute.
      moving: ['failing_since', 'sync_error'],
    }),
    // Nobody is there: how it went is what is answered.
    '/api/v1/platforms/{platform}/sync': async () => ({
      by: () => reseller,
      path: '/api/v1/platforms/away/sync',
      body: {},
      moving: ['failing_since'],
    }),
    '/api/v1/platforms/{platform}/arrivals': async () => ({
      by: () => customer,
      path: '/api/v1/platforms/away/arrivals',
      body: { tenant_number: '7' },
    }),
    '/api/v1/usage': async () => ({
      by: () => reseller,
      path: '/api/v1/usage',
      body: {
        specversion: '1.0',
        id: 'e-1',
        source: 'test',
        type: 'usage',
        subject: account.id,
        time: app.clock.now().toISOString(),
        data: { usage_name: 'mobiles', delta: '1' },
      },
      moving: ['result'],
    }),
    '/api/v1/told-amounts': async () => ({
      by: () => reseller,
      path: '/api/v1/told-amounts',
      body: {
        source: 'test',
        amounts: [
          {
            id: 'a-1',
            subscription_id: (await externalSubscription(app, stage)).subscription.id,
            time: app.clock.now().toISOString(),
            currency: 'USD',
            net_cost: '0.02',
          },
        ],
      },
      moving: ['result'],
    }),
    '/api/v1/usage-checks': async () => ({
      by: () => reseller,
      path: '/api/v1/usage-checks',
      body: { tenant_id: account.id, usage_name: 'mobiles' },
    }),
    '/api/v1/user-tokens': async () => {
      const { user } = await get<{ user: { id: string } }>('/api/v1/session', customer)
      return { by: () => reseller, path: '/api/v1/user-tokens', body: { user_id: user.id } }
    },
    '/api/v1/referral-programs': async () => ({
      by: () => reseller,
      path: '/api/v1/referral-programs',
      body: { name: 'Friends', percent: '10', applies_to: 'all' },
    }),
    '/api/v1/referral-partners': async () => ({
      by: () => reseller,
      path: '/api/v1/referral-partners',
      body: { program_id: await program(), name: 'Paula', key: 'paula', email: 'paula@partner.example' },
    }),
    '/api/v1/referral-partners/{partner_id}/report-link': async () => ({
      by: () => reseller,
      path: `/api/v1/referral-partners/${(await partner()).id}/report-link`,
      body: {},
    }),
    ...notifyPosts(app, stage),
    '/api/v1/stripe/webhooks': async () => {
      const id = await payment()
      const { url } = await make<{ id: string; url: string }>(`/api/v1/payments/${id}/card-sessions`, {}, customer)
      const { body, headers } = stripe.signed(stripe.pay(url.split('/').at(-1) ?? ''))
      return { by: stranger, path: '/api/v1/stripe/webhooks', body, headers }
    },
  }
}
