import { Outlet, type RouteObject, redirect } from 'react-router'
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
const entrance = () => import('./entrance/area.ts')
const checkout = () => import('./checkout/area.ts')
const subscription = () => import('./subscription-area.ts')
const upgrade = () => import('./upgrade/area.ts')
const client = () => import('./client/area.ts')
const portal = () => import('./portal/area.ts')
const notify = () => import('./notify/area.ts')
const setup = () => import('./setup/area.ts')
const places = () => import('./places/area.ts')
const builder = () => import('./builder/area.ts')
const operations = () => import('./operations/area.ts')
const people = () => import('./people/area.ts')
const usage = () => import('./usage/area.ts')
const sales = () => import('./portal/sales/area.ts')
const security = () => import('./security/area.ts')
const billing = () => import('./billing/area.ts')
const brand = () => import('./brand/area.ts')
const upsell = () => import('./upsell/area.ts')

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
          { path: '/client/sign-in', lazy: () => entrance().then((pages) => pages.signIn) },
          { path: '/portal/sign-in', lazy: () => entrance().then((pages) => pages.signIn) },
          { path: '/client/register', lazy: () => entrance().then((pages) => pages.register) },
          { path: '/client/check-mail', lazy: () => entrance().then((pages) => pages.checkMail) },
          { path: '/client/confirm', lazy: () => entrance().then((pages) => pages.confirm) },
          { path: '/client/reset', lazy: () => entrance().then((pages) => pages.reset) },
          { path: '/portal/reset', lazy: () => entrance().then((pages) => pages.reset) },
          { path: '/client/new_order', lazy: () => import('./checkout/new-order.tsx') },
          {
            id: 'checkout',
            path: '/client/checkouts/:checkoutId',
            middleware: [signedIn('client')],
            lazy: () => checkout().then((pages) => pages.frame),
            children: [
              { index: true, loader: ({ params }) => redirect(`/client/checkouts/${params['checkoutId']}/configure`) },
              { path: 'configure', lazy: () => checkout().then((pages) => pages.configure) },
              { path: 'registration', lazy: () => checkout().then((pages) => pages.registration) },
              { path: 'confirm', lazy: () => checkout().then((pages) => pages.confirm) },
              { path: 'pay', lazy: () => checkout().then((pages) => pages.pay) },
              { path: 'done', lazy: () => checkout().then((pages) => pages.done) },
            ],
          },
          {
            path: '/client',
            middleware: [signedIn('client')],
            lazy: () => client().then((pages) => pages.clientShell),
            children: [
              {
                Component: Outlet,
                ErrorBoundary: ErrorPage,
                children: [
                  { index: true, lazy: () => client().then((pages) => pages.home) },
                  { path: 'subscriptions', lazy: () => client().then((pages) => pages.subscriptions) },
                  { path: 'subscriptions/:subscriptionId', lazy: () => subscription().then((pages) => pages.page) },
                  { path: 'changes/:checkoutId', lazy: () => subscription().then((pages) => pages.change) },
                  { path: 'usage', lazy: () => usage().then((pages) => pages.clientUsage) },
                  { path: 'orders', lazy: () => client().then((pages) => pages.orders) },
                  { path: 'orders/:orderId', lazy: () => client().then((pages) => pages.order) },
                  { path: 'payments', lazy: () => client().then((pages) => pages.payments) },
                  { path: 'payments/:paymentId', lazy: () => client().then((pages) => pages.payment) },
                  { path: 'invoices', lazy: () => billing().then((pages) => pages.invoices) },
                  { path: 'invoices/:invoiceId', lazy: () => billing().then((pages) => pages.invoice) },
                  { path: 'balance', lazy: () => client().then((pages) => pages.balance) },
                  { path: 'upgrade', lazy: () => upgrade().then((pages) => pages.upgrade) },
                  { path: 'upgrade/:offerId', lazy: () => upgrade().then((pages) => pages.progress) },
                  { path: 'notices', lazy: () => notify().then((pages) => pages.notices) },
                  { path: 'users', lazy: () => people().then((pages) => pages.users) },
                  { path: 'users/:userId', lazy: () => people().then((pages) => pages.person) },
                  { path: 'profile', lazy: () => client().then((pages) => pages.profile) },
                  { path: 'security', lazy: () => security().then((pages) => pages.page) },
                ],
              },
            ],
          },
          {
            path: '/portal',
            middleware: [signedIn('portal')],
            lazy: () => portal().then((pages) => pages.portalShell),
            children: [
              {
                Component: Outlet,
                ErrorBoundary: ErrorPage,
                children: [
                  { index: true, lazy: () => portal().then((pages) => pages.home) },
                  { path: 'payments', lazy: () => portal().then((pages) => pages.payments) },
                  { path: 'payments/:paymentId', lazy: () => portal().then((pages) => pages.payment) },
                  { path: 'invoices', lazy: () => billing().then((pages) => pages.invoices) },
                  { path: 'invoices/settings', lazy: () => billing().then((pages) => pages.settings) },
                  { path: 'invoices/:invoiceId', lazy: () => billing().then((pages) => pages.invoice) },
                  { path: 'orders', lazy: () => portal().then((pages) => pages.orders) },
                  { path: 'orders/:orderId', lazy: () => portal().then((pages) => pages.order) },
                  { path: 'subscriptions', lazy: () => portal().then((pages) => pages.subscriptions) },
                  { path: 'subscriptions/:subscriptionId', lazy: () => subscription().then((pages) => pages.page) },
                  { path: 'alerts', lazy: () => usage().then((pages) => pages.alerts) },
                  { path: 'tenants/:tenantId/usage', lazy: () => usage().then((pages) => pages.tenantUsage) },
                  { path: 'accounts', lazy: () => portal().then((pages) => pages.accounts) },
                  { path: 'accounts/:accountId', lazy: () => portal().then((pages) => pages.account) },
                  { path: 'links', lazy: () => builder().then((pages) => pages.links) },
                  { path: 'plans', loader: () => redirect('/portal/links') },
                  { path: 'products', lazy: () => setup().then((pages) => pages.products) },
                  { path: 'products/:productId', lazy: () => setup().then((pages) => pages.product) },
                  { path: 'products/:productId/plans/:planId', lazy: () => setup().then((pages) => pages.plan) },
                  { path: 'prices', lazy: () => setup().then((pages) => pages.prices) },
                  { path: 'prices/:sellerId/:planId', lazy: () => setup().then((pages) => pages.price) },
                  { path: 'stores', lazy: () => places().then((pages) => pages.stores) },
                  { path: 'stores/:storeId', lazy: () => places().then((pages) => pages.store) },
                  { path: 'stores/:storeId/pages/:slug', lazy: () => places().then((pages) => pages.infoPage) },
                  { path: 'tenants', lazy: () => places().then((pages) => pages.resellers) },
                  { path: 'tenants/new', lazy: () => places().then((pages) => pages.newReseller) },
                  { path: 'audit', lazy: () => operations().then((pages) => pages.auditLog) },
                  { path: 'accounts/:accountId/attribution', lazy: () => sales().then((pages) => pages.attribution) },
                  { path: 'accounts/:accountId/users', lazy: () => people().then((pages) => pages.users) },
                  { path: 'accounts/:accountId/users/:userId', lazy: () => people().then((pages) => pages.person) },
                  { path: 'clients', lazy: () => people().then((pages) => pages.clients) },
                  { path: 'clients/new', lazy: () => people().then((pages) => pages.newClient) },
                  { path: 'staff', lazy: () => people().then((pages) => pages.users) },
                  { path: 'staff/:userId', lazy: () => people().then((pages) => pages.person) },
                  { path: 'managers', lazy: () => sales().then((pages) => pages.managers) },
                  { path: 'managers/new', lazy: () => sales().then((pages) => pages.managerForm) },
                  { path: 'managers/:managerId', lazy: () => sales().then((pages) => pages.manager) },
                  { path: 'managers/:managerId/edit', lazy: () => sales().then((pages) => pages.managerForm) },
                  { path: 'referrals', lazy: () => sales().then((pages) => pages.referrals) },
                  { path: 'referrals/programs/new', lazy: () => sales().then((pages) => pages.programForm) },
                  { path: 'referrals/programs/:programId', lazy: () => sales().then((pages) => pages.programForm) },
                  { path: 'referrals/partners/new', lazy: () => sales().then((pages) => pages.partner) },
                  { path: 'referrals/partners/:partnerId', lazy: () => sales().then((pages) => pages.partner) },
                  { path: 'event-handlers', lazy: () => notify().then((pages) => pages.handlers) },
                  { path: 'event-handlers/new', lazy: () => notify().then((pages) => pages.handler) },
                  { path: 'event-handlers/:handlerId', lazy: () => notify().then((pages) => pages.handler) },
                  { path: 'webhooks', lazy: () => notify().then((pages) => pages.webhooks) },
                  { path: 'webhooks/new', lazy: () => notify().then((pages) => pages.newWebhook) },
                  { path: 'webhooks/:webhookId', lazy: () => notify().then((pages) => pages.webhook) },
                  { path: 'deliveries', lazy: () => notify().then((pages) => pages.deliveries) },
                  { path: 'deliveries/:deliveryId', lazy: () => notify().then((pages) => pages.delivery) },
                  { path: 'notices', lazy: () => notify().then((pages) => pages.notices) },
                  { path: 'security', lazy: () => security().then((pages) => pages.page) },
                  { path: 'upsell', lazy: () => upsell().then((pages) => pages.performance) },
                  { path: 'requests', lazy: () => upsell().then((pages) => pages.requests) },
                  { path: 'platforms', lazy: () => upsell().then((pages) => pages.platforms) },
                  { path: 'platforms/new', lazy: () => upsell().then((pages) => pages.newPlatform) },
                  { path: 'platforms/:platform', lazy: () => upsell().then((pages) => pages.platform) },
                  { path: 'brand', lazy: () => brand().then((pages) => pages.editor) },
                  { path: 'outbox', lazy: () => portal().then((pages) => pages.outbox) },
                  { path: 'outbox/:mailId', lazy: () => portal().then((pages) => pages.mail) },
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
