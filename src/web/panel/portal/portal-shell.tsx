import {
  FileText,
  Gauge,
  Home,
  Inbox,
  Layers,
  Link2,
  Mail,
  Paintbrush,
  Send,
  Users,
  Wallet,
  Zap,
} from '../../design/icons.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import { FocusFrame, Shell } from '../shell.tsx'
import type { Session } from '../types.ts'

/** Operators, resellers and the folders between them; customers have the control panel. */
const isStaff = ({ tenant }: Session): boolean => tenant !== null && ['root', 'partner', 'folder'].includes(tenant.kind)

/** The portal of operator and reseller: shows only what the signed-in person may do. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  if (!isStaff(session))
    return (
      <FocusFrame home="/client">
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
      </FocusFrame>
    )
  const items = [
    { to: '/portal', label: t('nav.home'), icon: Home, end: true, scope: null },
    { to: '/portal/payments', label: t('nav.payments'), icon: Wallet, scope: 'payments:read' },
    { to: '/portal/invoices', label: t('nav.invoices'), icon: FileText, scope: 'invoices:read' },
    { to: '/portal/orders', label: t('nav.orders'), icon: FileText, scope: 'orders:read' },
    { to: '/portal/subscriptions', label: t('nav.subscriptions'), icon: Layers, scope: 'subscriptions:read' },
    { to: '/portal/alerts', label: t('nav.alerts'), icon: Gauge, scope: 'alerts:read' },
    { to: '/portal/upsell', label: t('nav.performance'), icon: Gauge, scope: 'figures:read' },
    { to: '/portal/requests', label: t('nav.requests'), icon: Mail, scope: 'offers:answer' },
    { to: '/portal/platforms', label: t('nav.platforms'), icon: Layers, scope: 'platforms:read' },
    { to: '/portal/accounts', label: t('nav.accounts'), icon: Users, scope: 'accounts:read' },
    ...(session.manager
      ? [
          {
            to: `/portal/managers/${session.manager.id}`,
            label: t('nav.own_figures'),
            icon: Users,
            scope: 'managers:read',
          },
        ]
      : []),
    {
      to: '/portal/managers',
      label: t('nav.managers'),
      icon: Users,
      end: session.manager !== null,
      scope: 'managers:write',
    },
    { to: '/portal/referrals', label: t('nav.referrals'), icon: Users, scope: 'referrals:read' },
    { to: '/portal/links', label: t('nav.links'), icon: Link2, scope: 'plans:read' },
    { to: '/portal/products', label: t('nav.catalogue'), icon: Layers, scope: 'plans:write' },
    { to: '/portal/prices', label: t('nav.prices'), icon: Wallet, scope: 'plans:write' },
    { to: '/portal/stores', label: t('nav.stores'), icon: Home, scope: 'stores:read' },
    { to: '/portal/tenants', label: t('nav.tenants'), icon: Users, scope: 'tenants:read' },
    { to: '/portal/staff', label: t('nav.staff'), icon: Users, scope: 'users:read' },
    { to: '/portal/clients', label: t('nav.clients'), icon: Layers, scope: 'clients:write' },
    { to: '/portal/audit', label: t('nav.audit'), icon: FileText, scope: 'audit:read' },
    { to: '/portal/event-handlers', label: t('nav.handlers'), icon: Mail, scope: 'event_handlers:read' },
    { to: '/portal/webhooks', label: t('nav.webhooks'), icon: Zap, scope: 'webhooks:read' },
    { to: '/portal/deliveries', label: t('nav.deliveries'), icon: Send, scope: 'deliveries:read' },
    { to: '/portal/brand', label: t('nav.brand'), icon: Paintbrush, scope: 'brands:read' },
    { to: '/portal/outbox', label: t('nav.outbox'), icon: Inbox, scope: 'mails:read' },
  ].filter(({ scope }) => scope === null || can(session, scope))
  return <Shell home="/portal" area={t('portal.area')} items={items} />
}
