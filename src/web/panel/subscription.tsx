import { type LoaderFunctionArgs, useLoaderData, useLocation } from 'react-router'
import { Facts } from '../design/lines.tsx'
import { Link } from '../design/link.tsx'
import { Notice } from '../design/notice.tsx'
import { Money, When } from '../design/values.tsx'
import { records } from '../messages/en/records.ts'
import { subscription as texts } from '../messages/en/subscription.ts'
import { periodName, periodSpan } from '../messages/periods.ts'
import { quantityOf } from '../messages/quantity.ts'
import { useText } from '../messages/use-text.ts'
import { call } from './api.ts'
import { BackLink } from './back-link.tsx'
import { Consumption, type ConsumptionData } from './consumption.tsx'
import { EditionCard } from './edition-card.tsx'
import { Page } from './page.tsx'
import { Quotas } from './quotas.tsx'
import { Status } from './status.tsx'
import { Steps } from './steps.tsx'
import { SubscriptionActions } from './subscription-actions.tsx'
import type { Subscription } from './types.ts'
import type { EditionUpsell } from './upsell-types.ts'
import { usePolling } from './use-polling.ts'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const path = `/subscriptions/${params['subscriptionId']}`
  const subscription = await call<Subscription>(path)
  const isMetered = subscription.billingType !== 'pay_in_full'
  const [consumption, edition] = await Promise.all([
    isMetered ? call<ConsumptionData>(`${path}/consumption`) : null,
    areaOf(new URL(request.url)) === '/client' ? readEdition() : null,
  ])
  return { subscription, consumption, edition }
}

const areaOf = ({ pathname }: { readonly pathname: string }) => (pathname.startsWith('/portal') ? '/portal' : '/client')

/** Of customers' users alone; the page does without it. */
const readEdition = (): Promise<EditionUpsell | null> =>
  call<{ readonly edition: EditionUpsell | null }>('/alerts?editions=true').then(
    ({ edition }) => edition,
    () => null,
  )

const WORDS = { ...records, ...texts }
const UNDER_WAY = new Set(['installing', 'activating', 'updating', 'renewing', 'stopping', 'deleting'])

/** One subscription: is it running, until when, what is in it, how much of it is used. Customers and staff see the same. */
export function Component() {
  const text = useText()
  const { t } = text
  const { subscription, consumption, edition } = useLoaderData<typeof loader>()
  const area = areaOf(useLocation())
  usePolling(UNDER_WAY.has(subscription.status), 3000)
  const { period } = subscription
  return (
    <Page
      aboveTitle={<BackLink to={`${area}/subscriptions`}>{t('nav.subscriptions')}</BackLink>}
      title={subscription.name}
      lead={<Status kind="subscription" value={subscription.status} />}
    >
      {subscription.status === 'ordered' ? (
        <Notice tone="warn">
          <p>{t('subscription.waiting')}</p>
        </Notice>
      ) : null}
      <Life subscription={subscription} />
      <section className="card stack">
        <h2>{t('subscription.facts')}</h2>
        <Facts
          items={[
            ...(area === '/portal'
              ? [
                  {
                    label: t('column.customer'),
                    value: <Link to={`/portal/accounts/${subscription.account.id}`}>{subscription.account.name}</Link>,
                  },
                ]
              : []),
            { label: t('subscription.number'), value: String(subscription.number) },
            { label: t('subscription.plan'), value: `${subscription.product.name}: ${subscription.plan.name}` },
            {
              label: t('subscription.period'),
              value: period.trial
                ? t('trial.of', { span: periodSpan(text, period.duration) })
                : periodName(text, period.duration),
            },
            {
              label: t('subscription.price'),
              value: subscription.trial ? (
                t('price.free')
              ) : subscription.recurring ? (
                <>
                  <Money value={subscription.recurring} code /> {t('price.a_month_unit')}
                </>
              ) : (
                t('price.use_based')
              ),
            },
            ...(subscription.activatedAt
              ? [{ label: t('subscription.since'), value: <When at={subscription.activatedAt} plain /> }]
              : []),
            ...(subscription.expiresAt
              ? [
                  {
                    label: t(subscription.trial ? 'subscription.trial_ends' : 'subscription.until'),
                    value: (
                      <>
                        <When at={subscription.expiresAt} plain /> (<When at={subscription.expiresAt} />)
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </section>
      {consumption ? <Consumption consumption={consumption} /> : null}
      {subscription.quotas.length > 0 ? <Quotas subscription={subscription} /> : null}
      {subscription.resources.length > 0 ? (
        <section className="card stack">
          <h2>{t('subscription.resources')}</h2>
          <dl className="lines">
            {subscription.resources.map((resource) => (
              <div className="line" key={resource.id}>
                <dt>{resource.name}</dt>
                <dd>{quantityOf(text, Number(resource.quantity), resource.unit)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
      <EditionCard upsell={edition} />
      <SubscriptionActions subscription={subscription} area={area} />
      <Steps title={t('subscription.history')} history={subscription.history} texts={WORDS} />
    </Page>
  )
}

/** What will become of it, where that is not just the next renewal. */
function Life({ subscription }: { subscription: Subscription }) {
  const text = useText()
  const { t } = text
  const { status, endsWithPeriod, periodEndsAt, stopsAt, deletesAt, stopReason } = subscription
  const date = (at: string | null): string => (at === null ? '' : text.date(at))
  const says =
    status === 'active' && endsWithPeriod
      ? t('subscription.ending', { date: date(periodEndsAt) })
      : status === 'graced'
        ? t('subscription.graced_text', { date: date(stopsAt) })
        : status === 'stopped' && deletesAt
          ? t('subscription.stopped_text', { date: date(deletesAt) })
          : status === 'stopped' && stopReason === 'administrative'
            ? t('subscription.stopped_by_staff')
            : status === 'stopped' && stopReason === 'credit_hold'
              ? t('subscription.stopped_for_credit')
              : status === 'stopped' && stopReason === 'unpaid'
                ? t('subscription.stopped_unpaid')
                : null
  return says ? (
    <Notice tone="warn">
      <p>{says}</p>
    </Notice>
  ) : null
}
