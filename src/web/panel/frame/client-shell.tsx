import { lazy, Suspense, useDeferredValue } from 'react'
import { CreditCard, FileText, Gauge, Home, Layers, User, Wallet } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { can, useSession } from '../session.ts'
import { Shell } from './shell.tsx'

/** Staff never see it. */
const ClientNotices = lazy(() => import('./client-notices.tsx').then((module) => ({ default: module.ClientNotices })))

/** The customer's control panel. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  // Fetched after the page, not before it.
  const isShown = useDeferredValue(true, false)
  return (
    <Shell
      home="/client"
      notice={
        isShown ? (
          <Suspense fallback={null}>
            <ClientNotices />
          </Suspense>
        ) : null
      }
      items={[
        { to: '/client', label: t('nav.home'), icon: Home, end: true },
        { to: '/client/subscriptions', label: t('nav.subscriptions'), icon: Layers },
        { to: '/client/usage', label: t('nav.usage'), icon: Gauge },
        { to: '/client/orders', label: t('nav.orders'), icon: FileText },
        { to: '/client/payments', label: t('nav.payments'), icon: Wallet },
        { to: '/client/invoices', label: t('nav.invoices'), icon: FileText },
        { to: '/client/balance', label: t('nav.balance'), icon: CreditCard },
        ...(session.takesCards && session.account && can(session, 'payments:read')
          ? [{ to: '/client/cards', label: t('nav.cards'), icon: CreditCard }]
          : []),
        ...(can(session, 'users:read') ? [{ to: '/client/users', label: t('nav.users'), icon: User }] : []),
        { to: '/client/profile', label: t('nav.profile'), icon: User },
      ]}
    />
  )
}
