import type { ReactNode } from 'react'
import type { WireMoney } from '../../kernel/money.ts'
import { type PageText, useText } from '../messages/use-text.ts'
import { Bars } from './bars.tsx'
import { Table } from './table.tsx'

/** Figures of one manager as the API tells them. */
export interface FigureSums {
  readonly visits: number
  readonly accounts: number
  readonly orders: number
  readonly paidOrders: number
  readonly amounts: readonly { readonly paid: WireMoney; readonly paidNet: WireMoney; readonly reward: WireMoney }[]
}

export interface FigureSteps {
  readonly by: 'day' | 'week' | 'month'
  readonly total: FigureSums
  readonly steps: readonly (FigureSums & { readonly start: string })[]
}

/** Amounts of several currencies, one below the other; a dash where there are none. */
export function Amounts({ sums, what }: { sums: FigureSums; what: 'paidNet' | 'reward' }) {
  const text = useText()
  if (sums.amounts.length === 0) return <>{text.t('none')}</>
  return (
    <>
      {sums.amounts.map((each) => (
        <span key={each.paid.currency} className="money figure-amount">
          {text.money(each[what], { code: true })}
        </span>
      ))}
    </>
  )
}

/**
 * What a share of the step before is, as people read it. More than all of it is none: who came in the month before may
 * order in this one.
 */
const shareOf = (text: PageText, part: number, whole: number): string | null =>
  whole === 0 || part > whole
    ? null
    : text.t('figures.of_before', {
        percent: new Intl.NumberFormat(text.locale, { style: 'percent' }).format(part / whole),
      })

/** Visits, accounts, orders, paid orders: each with its share of the step before. */
function Funnel({ total }: { total: FigureSums }) {
  const text = useText()
  const { t } = text
  const steps = [
    { label: t('figures.visits'), value: total.visits },
    { label: t('figures.accounts'), value: total.accounts },
    { label: t('figures.orders'), value: total.orders },
    { label: t('figures.paid_orders'), value: total.paidOrders },
  ]
  const most = Math.max(1, ...steps.map(({ value }) => value))
  return (
    <section className="card stack" aria-labelledby="funnel">
      <h2 id="funnel">{t('figures.funnel')}</h2>
      <ol className="funnel">
        {steps.map(({ label, value }, index) => {
          const before = steps[index - 1]
          const share = before ? shareOf(text, value, before.value) : null
          return (
            <li key={label}>
              <span className="funnel-label">{label}</span>
              <strong className="figure-value">{value}</strong>
              <svg className="funnel-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect className="bar-track" width="100" height="8" />
                <rect className="bar" width={(value / most) * 100} height="8" />
              </svg>
              <span className="small muted funnel-share">{share}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** A report: what it comes to, the funnel, charts, and the table behind them. */
export function FigureReport({
  report,
  isPartner,
  actions,
}: {
  report: FigureSteps
  isPartner: boolean
  actions?: ReactNode
}) {
  const text = useText()
  const { t } = text
  const { by, total, steps } = report
  const nameOf = (start: string): string => stepName(text, by, start)
  const [currency] = total.amounts.map(({ paid }) => paid.currency)
  const shown = isPartner ? 'reward' : 'paidNet'
  const isEmpty = total.visits + total.accounts + total.orders === 0 && total.amounts.length === 0
  return (
    <div className="stack stack-5">
      <dl className="figure-tiles">
        <div className="card">
          <dt>{t('figures.paid_net')}</dt>
          <dd>
            <Amounts sums={total} what="paidNet" />
          </dd>
        </div>
        {isPartner ? (
          <div className="card">
            <dt>{t('figures.reward')}</dt>
            <dd>
              <Amounts sums={total} what="reward" />
            </dd>
          </div>
        ) : null}
      </dl>
      {isEmpty ? (
        <div className="card stack">
          <h2>{t('figures.nothing_title')}</h2>
          <p>{t('figures.nothing')}</p>
        </div>
      ) : (
        <>
          <Funnel total={total} />
          <div className="chart-pair">
            <Bars
              label={t('figures.chart', { what: t('figures.visits'), by })}
              bars={steps.map((step) => ({ name: nameOf(step.start), value: step.visits, text: String(step.visits) }))}
            />
            {currency === undefined ? null : (
              <Bars
                label={t('figures.chart', { what: t(isPartner ? 'figures.reward' : 'figures.paid_net'), by })}
                bars={steps.map((step) => {
                  const value = step.amounts.find(({ paid }) => paid.currency === currency)?.[shown]
                  const amount = value ?? { amount: '0', currency }
                  return {
                    name: nameOf(step.start),
                    value: Number(amount.amount),
                    text: text.money(amount, { code: true }),
                  }
                })}
              />
            )}
          </div>
          <section className="stack">
            <div className="section-title">
              <h2>{t('figures.table', { by })}</h2>
              {actions}
            </div>
            <Table
              caption={t('figures.table', { by })}
              rows={steps
                .filter((step) => step.visits + step.accounts + step.orders + step.amounts.length > 0)
                .toReversed()}
              rowKey={(step) => step.start}
              columns={[
                { key: 'start', label: t('figures.step', { by }), cell: (step) => nameOf(step.start) },
                { key: 'visits', label: t('figures.visits'), number: true, cell: (step) => step.visits },
                { key: 'accounts', label: t('figures.accounts'), number: true, cell: (step) => step.accounts },
                { key: 'orders', label: t('figures.orders'), number: true, cell: (step) => step.orders },
                {
                  key: 'net',
                  label: t('figures.paid_net'),
                  number: true,
                  cell: (step) => <Amounts sums={step} what="paidNet" />,
                },
                ...(isPartner
                  ? [
                      {
                        key: 'reward',
                        label: t('figures.reward'),
                        number: true,
                        cell: (step: FigureSums) => <Amounts sums={step} what="reward" />,
                      },
                    ]
                  : []),
              ]}
            />
          </section>
        </>
      )}
      <p className="small muted">{t('figures.explain')}</p>
    </div>
  )
}

/** A step by its first day; a month by its name. */
export const stepName = (text: PageText, by: FigureSteps['by'], start: string): string =>
  new Intl.DateTimeFormat(text.locale, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    ...(by !== 'month' && { day: 'numeric' }),
  }).format(new Date(`${start}T00:00:00Z`))
