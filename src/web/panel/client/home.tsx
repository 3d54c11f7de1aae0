import { useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { useSession } from '../session.ts'
import { Status } from '../status.tsx'
import type { Page as ListPage, Payment, Subscription } from '../types.ts'
import { usePolling } from '../use-polling.ts'

export async function loader() {
  const [subscriptions, payments] = await Promise.all([
    call<ListPage<Subscription>>('/subscriptions?limit=20'),
    call<ListPage<Payment>>('/payments?status=waiting_for_payment&limit=5'),
  ])
  return { subscriptions: subscriptions.items, payments: payments.items }
}

/** Home: what is to be paid, what is being set up, what runs. */
export function Component() {
  const { t } = useText()
  const { user, account, store } = useSession()
  const { subscriptions, payments } = useLoaderData<typeof loader>()
  const settingUp = subscriptions.filter(({ status }) => status === 'installing' || status === 'activating')
  usePolling(settingUp.length > 0, 3000)
  const live = subscriptions.filter((subscription) => subscription.status !== 'cancelled')
  const name = user?.firstName || account?.name
  return (
    <Page title={name ? t('home.hello', { name }) : t('home.title')}>
      {payments.map((payment) => (
        <Notice key={payment.id} tone="warn" title={t('home.to_pay')}>
          <div className="cluster spread">
            <p>
              <strong>
                <Money value={payment.outstanding} code />
              </strong>{' '}
              {t('home.to_pay_for', { name: payment.description })}
              {payment.expiresAt ? (
                <>
                  {' · '}
                  {t('home.pay_until')} <When at={payment.expiresAt} />
                </>
              ) : null}
            </p>
            <ButtonLink size="small" to={`/client/payments/${payment.id}`}>
              {t('home.how_to_pay')}
            </ButtonLink>
          </div>
        </Notice>
      ))}
      {settingUp.map((subscription) => (
        <Notice key={subscription.id} tone="info" live>
          <p>
            {t('home.setting_up', { name: subscription.name })}{' '}
            <Link to={`/client/subscriptions/${subscription.id}`}>{t('home.follow')}</Link>
          </p>
        </Notice>
      ))}
      <section className="stack">
        <div className="section-title">
          <h2>{t('nav.subscriptions')}</h2>
          {store ? <a href="/">{t('home.order_more')}</a> : null}
        </div>
        {live.length === 0 ? (
          <Empty icon={Layers} title={t('subscriptions.empty_title')}>
            <p>{t('subscriptions.empty')}</p>
            {store ? (
              <a className="button button-primary" href="/">
                {t('nav.products')}
              </a>
            ) : null}
          </Empty>
        ) : (
          <ul className="grid">
            {live.map((subscription) => (
              <Running key={subscription.id} subscription={subscription} />
            ))}
          </ul>
        )}
      </section>
    </Page>
  )
}

function Running({ subscription }: { subscription: Subscription }) {
  const { t } = useText()
  return (
    <li className="card tile">
      <div className="stack stack-2">
        <Status kind="subscription" value={subscription.status} />
        <h3>
          <Link className="stretched" to={`/client/subscriptions/${subscription.id}`}>
            {subscription.name}
          </Link>
        </h3>
        <p className="quiet small">
          {subscription.name === subscription.plan.name ? subscription.product.name : subscription.plan.name}
        </p>
      </div>
      <p className="small tile-foot">
        <span>
          {subscription.trial ? (
            t('price.free')
          ) : subscription.recurring ? (
            <>
              <Money value={subscription.recurring} /> {t('price.a_month_unit')}
            </>
          ) : (
            t('price.use_based')
          )}
        </span>
        {subscription.expiresAt ? (
          <span className="quiet">
            {t(subscription.trial ? 'home.trial_ends' : 'home.runs_until')} <When at={subscription.expiresAt} plain />
          </span>
        ) : null}
      </p>
    </li>
  )
}
