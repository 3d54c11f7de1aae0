import type { ComponentType } from 'react'
import { type LoaderFunction, Outlet, type RouteObject, redirect } from 'react-router'
import { TextProvider } from '../messages/use-text.ts'
import { ErrorPage } from './error-page.tsx'
import { Root } from './root.tsx'
import { loadSession, signedIn } from './session.ts'
import { textFor } from './texts.ts'

/** Shown while the first page loads: the shape of a page, no text to flash. */
function FirstLoad() {
  return (
    <div className="first-load" aria-busy="true">
      <div className="skeleton" />
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  )
}

const LoneError = () => <ErrorPage alone />
const RootError = () => (
  <TextProvider value={textFor(null)}>
    <ErrorPage alone />
  </TextProvider>
)

/** One file an area: its pages share most of their code, and a first load stays below 12 requests. */
const frame = () => import('./frame/area.ts')
const entrance = () => import('./entrance/area.ts')
const checkoutFrame = () => import('./checkout/frame-area.ts')
const checkout = () => import('./checkout/area.ts')
const subscription = () => import('./subscription-area.ts')
const upgrade = () => import('./upgrade/area.ts')
const client = () => import('./client/area.ts')
const portal = () => import('./portal/area.ts')
const portalRecord = () => import('./portal/record-area.ts')
const accounts = () => import('./accounts/area.ts')
const orderFor = () => import('./accounts/order-area.ts')
const notify = () => import('./notify/area.ts')
const setup = () => import('./setup/area.ts')
const places = () => import('./places/area.ts')
const builder = () => import('./builder/area.ts')
const operations = () => import('./operations/area.ts')
const people = () => import('./people/area.ts')
const usage = () => import('./usage/area.ts')
const sales = () => import('./portal/sales/area.ts')
const money = () => import('./client/money-area.ts')
const cards = () => import('./client/cards-area.ts')
const profile = () => import('./client/profile-area.ts')
const paying = () => import('./checkout/paying-area.ts')
const registration = () => import('./checkout/registration-area.ts')
const change = () => import('./change-area.ts')
const progress = () => import('./upgrade/progress-area.ts')
const delivery = () => import('./notify/delivery-area.ts')
const tenantUsage = () => import('./usage/tenant-area.ts')
const webhooks = () => import('./notify/webhook-area.ts')
const referralEdit = () => import('./portal/sales/referral-edit-area.ts')
const referrals = () => import('./portal/sales/referral-area.ts')
const plan = () => import('./setup/plan-area.ts')
const categories = () => import('./setup/category-area.ts')
const prices = () => import('./setup/price-area.ts')
const discounts = () => import('./discounts/area.ts')
const security = () => import('./security/area.ts')
const connectors = () => import('./connectors/area.ts')
const platforms = () => import('./upsell/platform-area.ts')
const salesEdit = () => import('./portal/sales/edit-area.ts')
const requests = () => import('./upsell/request-area.ts')
const upsell = () => import('./upsell/area.ts')
const invoices = () => import('./billing/invoice-area.ts')
const billing = () => import('./billing/area.ts')
const costs = () => import('./costs/area.ts')
const priceChange = () => import('./setup/price-change-area.ts')
const testClock = () => import('./test-clock/area.ts')
const brand = () => import('./brand/area.ts')

interface PageModule {
  readonly Component: ComponentType
  readonly loader?: LoaderFunction
}
type Pages = Readonly<Record<string, PageModule>>

/** A page of an area, loaded with the area. */
const lazy = <A extends Pages>(area: () => Promise<A>, name: keyof A & string) => ({
  lazy: () => area().then((pages) => pages[name] as PageModule),
})
const page = <A extends Pages>(path: string, area: () => Promise<A>, name: keyof A & string) => ({
  path,
  ...lazy(area, name),
})

/** Every page of control panel and portal. An area is loaded when one of its pages is first visited. */
export const routes: RouteObject[] = [
  {
    loader: () => loadSession(),
    shouldRevalidate: () => false,
    Component: Root,
    ErrorBoundary: RootError,
    HydrateFallback: FirstLoad,
    children: [
      {
        Component: Outlet,
        ErrorBoundary: LoneError,
        children: [
          page('/client/sign-in', entrance, 'signIn'),
          page('/portal/sign-in', entrance, 'signIn'),
          page('/client/register', entrance, 'register'),
          page('/client/check-mail', entrance, 'checkMail'),
          page('/client/confirm', entrance, 'confirm'),
          page('/client/reset', entrance, 'reset'),
          page('/portal/reset', entrance, 'reset'),
          { path: '/client/new_order', lazy: () => import('./checkout/new-order.tsx') },
          {
            id: 'checkout',
            path: '/client/checkouts/:checkoutId',
            middleware: [signedIn('client')],
            ...lazy(checkoutFrame, 'frame'),
            children: [
              { index: true, loader: ({ params }) => redirect(`/client/checkouts/${params['checkoutId']}/configure`) },
              page('configure', checkout, 'configure'),
              page('registration', registration, 'registration'),
              page('confirm', checkout, 'confirm'),
              page('pay', paying, 'pay'),
              page('done', paying, 'done'),
            ],
          },
          {
            path: '/client',
            middleware: [signedIn('client')],
            ...lazy(frame, 'clientShell'),
            children: [
              {
                Component: Outlet,
                ErrorBoundary: ErrorPage,
                children: [
                  { index: true, ...lazy(client, 'home') },
                  page('subscriptions', client, 'subscriptions'),
                  page('subscriptions/:subscriptionId', subscription, 'page'),
                  page('changes/:checkoutId', change, 'change'),
                  page('usage', usage, 'clientUsage'),
                  page('orders', client, 'orders'),
                  page('orders/:orderId', money, 'order'),
                  page('payments', client, 'payments'),
                  page('payments/:paymentId', money, 'payment'),
                  page('invoices', invoices, 'invoices'),
                  page('invoices/:invoiceId', invoices, 'invoice'),
                  page('balance', money, 'balance'),
                  page('statement', billing, 'statement'),
                  page('cards', cards, 'cards'),
                  page('upgrade', upgrade, 'upgrade'),
                  page('upgrade/:offerId', progress, 'progress'),
                  page('notices', delivery, 'notices'),
                  page('users', people, 'users'),
                  page('users/:userId', people, 'person'),
                  page('profile', profile, 'profile'),
                  page('security', security, 'page'),
                ],
              },
            ],
          },
          {
            path: '/portal',
            middleware: [signedIn('portal')],
            ...lazy(frame, 'portalShell'),
            children: [
              {
                Component: Outlet,
                ErrorBoundary: ErrorPage,
                children: [
                  { index: true, ...lazy(portal, 'home') },
                  page('payments', portal, 'payments'),
                  page('payments/:paymentId', portalRecord, 'payment'),
                  page('orders', portal, 'orders'),
                  page('orders/:orderId', portalRecord, 'order'),
                  page('subscriptions', portal, 'subscriptions'),
                  page('subscriptions/:subscriptionId', subscription, 'page'),
                  page('alerts', usage, 'alerts'),
                  page('tenants/:tenantId/usage', tenantUsage, 'tenantUsage'),
                  page('accounts', accounts, 'accounts'),
                  page('accounts/:accountId', accounts, 'account'),
                  page('accounts/:accountId/order', orderFor, 'orderFor'),
                  page('health', operations, 'health'),
                  page('reviews', operations, 'reviews'),
                  page('links', builder, 'links'),
                  { path: 'plans', loader: () => redirect('/portal/links') },
                  page('products', setup, 'products'),
                  page('products/:productId', setup, 'product'),
                  page('products/categories', categories, 'categories'),
                  page('products/categories/:categoryId', categories, 'category'),
                  page('products/:productId/plans/:planId', plan, 'plan'),
                  page('products/:productId/plans/:planId/price-change', priceChange, 'priceChange'),
                  page('prices', prices, 'prices'),
                  page('prices/:sellerId/:planId', prices, 'price'),
                  page('discounts', discounts, 'discounts'),
                  page('discounts/:discountId', discounts, 'discount'),
                  page('stores', places, 'stores'),
                  page('stores/:storeId', places, 'store'),
                  page('stores/:storeId/pages/:slug', places, 'infoPage'),
                  page('tenants', places, 'resellers'),
                  page('tenants/new', places, 'newReseller'),
                  page('tenants/:sellerId/test-clock', testClock, 'clock'),
                  page('test-clock', testClock, 'clock'),
                  page('audit', operations, 'auditLog'),
                  page('accounts/:accountId/attribution', salesEdit, 'attribution'),
                  page('accounts/:accountId/statement', billing, 'statement'),
                  page('accounts/:accountId/users', people, 'users'),
                  page('accounts/:accountId/users/:userId', people, 'person'),
                  page('clients', people, 'clients'),
                  page('clients/new', people, 'newClient'),
                  page('staff', people, 'users'),
                  page('staff/:userId', people, 'person'),
                  page('managers', sales, 'managers'),
                  page('managers/new', salesEdit, 'managerForm'),
                  page('managers/:managerId', sales, 'manager'),
                  page('managers/:managerId/edit', salesEdit, 'managerForm'),
                  page('referrals', referrals, 'referrals'),
                  page('referrals/programs', referrals, 'programs'),
                  page('referrals/programs/new', referralEdit, 'programForm'),
                  page('referrals/programs/:programId', referralEdit, 'programForm'),
                  page('referrals/partners/new', referralEdit, 'partner'),
                  page('referrals/partners/:partnerId', referralEdit, 'partner'),
                  page('event-handlers', delivery, 'handlers'),
                  page('event-handlers/new', notify, 'handler'),
                  page('event-handlers/:handlerId', notify, 'handler'),
                  page('webhooks', webhooks, 'webhooks'),
                  page('webhooks/new', webhooks, 'newWebhook'),
                  page('webhooks/:webhookId', webhooks, 'webhook'),
                  page('deliveries', delivery, 'deliveries'),
                  page('deliveries/:deliveryId', delivery, 'delivery'),
                  page('notices', delivery, 'notices'),
                  page('invoices', invoices, 'invoices'),
                  page('invoices/settings', billing, 'settings'),
                  page('cost-statements', costs, 'statements'),
                  page('cost-statements/:statementId', costs, 'statement'),
                  page('invoices/reminders', billing, 'reminders'),
                  page('invoices/:invoiceId', invoices, 'invoice'),
                  page('upsell', upsell, 'performance'),
                  page('requests', requests, 'requests'),
                  page('connectors', connectors, 'connectors'),
                  page('connectors/new', connectors, 'newConnector'),
                  page('connectors/:connector', connectors, 'connector'),
                  page('platforms', platforms, 'platforms'),
                  page('platforms/new', platforms, 'newPlatform'),
                  page('platforms/:platform', platforms, 'platform'),
                  page('brand', brand, 'editor'),
                  page('security', security, 'page'),
                  page('outbox', operations, 'outbox'),
                  page('outbox/:mailId', operations, 'mail'),
                ],
              },
            ],
          },
          {
            path: '*',
            loader: () => {
              throw new Response(null, { status: 404 })
            },
          },
        ],
      },
    ],
  },
]
