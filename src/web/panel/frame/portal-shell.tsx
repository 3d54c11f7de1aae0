import {
  Droplet,
  FileText,
  Gauge,
  Home,
  Inbox,
  Layers,
  Link2,
  Mail,
  Send,
  User,
  Users,
  Wallet,
  Zap,
} from '../../design/icons.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { Page } from '../page.tsx'
import { can, isSalesAlone, useSession } from '../session.ts'
import type { Session } from '../session-types.ts'
import { Activity, Clock, Eye, Network, Percent, Plug, Shop } from './menu-icons.tsx'
import { type NavItem, Shell } from './shell.tsx'

/** Operators, resellers and the folders between them; customers have the control panel. */
const isStaff = ({ tenant }: Session): boolean => tenant !== null && ['root', 'partner', 'folder'].includes(tenant.kind)

/** The portal of operator and reseller: shows only what the signed-in person may do. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  if (!isStaff(session))
    return (
      <main id="main" className="page focus-main">
        <Page title={t('portal.not_staff_title')}>
          <Notice tone="info">
            <p>{t('portal.not_staff', { email: session.user?.email ?? '' })}</p>
          </Notice>
          <p>
            <a className="button button-primary" href="/client">
              {t('portal.to_client')}
            </a>
          </p>
        </Page>
      </main>
    )
  return (
    <Shell
      home="/portal"
      area={t('portal.area')}
      items={[
        ...(isSalesAlone(session) ? [] : [{ to: '/portal', label: t('nav.home'), icon: Home, end: true }]),
        ...(session.manager && can(session, 'managers:read')
          ? [{ to: `/portal/managers/${session.manager.id}`, label: t('nav.own_figures'), icon: Gauge }]
          : []),
      ]}
      sections={useSections()}
    />
  )
}

/** The menu by what one comes for; entries that nothing may be done with, and headings without any, are left out. */
function useSections() {
  const { t } = useText()
  const session = useSession()
  const { manager } = session
  const at = (path: string, label: string, icon: NavItem['icon'], scope: string, end = false) =>
    can(session, scope) ? [{ to: `/portal/${path}`, label, icon, end }] : []
  return [
    {
      label: t('nav.group_sales'),
      items: [
        ...at('links', t('nav.links'), Link2, 'plans:read'),
        ...at('orders', t('nav.orders'), FileText, 'orders:read'),
        ...at('payments', t('nav.payments'), Wallet, 'payments:read'),
        ...at('invoices', t('nav.invoices'), FileText, 'invoices:read'),
        ...at('cost-statements', t('nav.costs'), Percent, 'ledger:read'),
        ...at('subscriptions', t('nav.subscriptions'), Layers, 'subscriptions:read'),
        ...at('managers', t('nav.managers'), User, 'managers:write', manager !== null),
        ...at('referrals', t('nav.referrals'), Users, 'referrals:read'),
      ],
    },
    {
      label: t('nav.group_customers'),
      items: [
        ...at('accounts', t('nav.accounts'), Users, 'accounts:read'),
        ...at('alerts', t('nav.alerts'), Gauge, 'alerts:read'),
        ...at('reviews', t('nav.reviews'), Eye, 'reviews:read'),
        ...at('upsell', t('nav.performance'), Gauge, 'figures:read'),
        ...at('requests', t('nav.requests'), Mail, 'offers:answer'),
        ...at('platforms', t('nav.platforms'), Layers, 'platforms:read'),
        ...at('tenants', t('nav.tenants'), Network, 'tenants:read'),
      ],
    },
    {
      label: t('nav.group_catalogue'),
      items: [
        ...at('products', t('nav.catalogue'), Layers, 'plans:write'),
        ...at('prices', t('nav.prices'), Percent, 'plans:write'),
        ...at('discounts', t('nav.discounts'), Percent, 'plans:write'),
        ...at('connectors', t('nav.connectors'), Plug, 'connectors:read'),
        ...at('stores', t('nav.stores'), Shop, 'stores:read'),
        ...at('brand', t('nav.brand'), Droplet, 'brands:read'),
      ],
    },
    {
      label: t('nav.group_messages'),
      items: [
        ...at('event-handlers', t('nav.handlers'), Mail, 'event_handlers:read'),
        ...at('webhooks', t('nav.webhooks'), Zap, 'webhooks:read'),
        ...at('deliveries', t('nav.deliveries'), Send, 'deliveries:read'),
        ...at('outbox', t('nav.outbox'), Inbox, 'mails:read'),
      ],
    },
    {
      label: t('nav.group_settings'),
      items: [
        ...at('staff', t('nav.staff'), User, 'users:read'),
        ...at('clients', t('nav.clients'), Plug, 'clients:write'),
        ...(session.testClock ? at('test-clock', t('nav.test_clock'), Clock, 'tenants:write') : []),
        ...at('audit', t('nav.audit'), FileText, 'audit:read'),
        ...at('health', t('nav.health'), Activity, 'operations:read'),
      ],
    },
  ].filter(({ items }) => items.length > 0)
}
