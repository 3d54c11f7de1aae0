import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { toCsv } from '../../../kernel/csv.ts'
import type { WireMoney } from '../../../kernel/money.ts'
import { Bars } from '../../design/bars.tsx'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Gauge } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { type PageText, useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { Page } from '../page.tsx'
import { dayText } from '../day.ts'
import { daysOf, rangeQuery } from '../portal/sales/days.tsx'
import { usageLabel } from '../usage-name.ts'

interface Counts {
  readonly shown: number
  readonly clicked: number
  readonly ordered: number
  readonly paid: number
  readonly raised: number
  readonly amounts: readonly { readonly orders: number; readonly ordered: WireMoney; readonly paid: WireMoney }[]
}
type Line = Counts & { readonly key: string; readonly label: string }
interface Figures {
  readonly total: Counts
  readonly lines: readonly Line[]
}

const BY = ['place', 'item', 'reseller'] as const
const STEPS = ['shown', 'clicked', 'ordered', 'paid', 'raised'] as const
const DAYS = [30, 90, 365] as const

const byOf = (search: URLSearchParams): (typeof BY)[number] => BY.find((each) => each === search.get('by')) ?? 'place'

export async function loader({ request }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams
  const range = rangeQuery(daysOf(search))
  const [figures, days] = await Promise.all([
    call<Figures>(`/upsell-figures${query({ ...range, by: byOf(search) })}`),
    call<Figures>(`/upsell-figures${query({ ...range, by: 'day' })}`),
  ])
  return { figures, days }
}

/** From the link that was shown to the quota that was raised: by place, item and reseller. */
export function Component() {
  const text = useText()
  const { t } = text
  const { figures, days } = useLoaderData<typeof loader>()
  const search = useSearch()
  const by = byOf(search)
  const nameOf = ({ key, label }: Line): string =>
    by === 'item' ? usageLabel(text, key) : by === 'place' ? placeName(text, key) : label
  const columns: Column<Line>[] = [
    { key: 'name', label: t(`performance.by_${by}`), cell: nameOf },
    ...STEPS.map((step) => ({
      key: step,
      label: t(`performance.${step}`),
      number: true,
      cell: (line: Line) => line[step],
    })),
    { key: 'amount', label: t('performance.amount'), number: true, cell: (line) => <Amounts counts={line} /> },
  ]
  return (
    <Page
      title={t('performance.title')}
      lead={t('performance.lead')}
      actions={<Button onClick={() => saveCsv(by, figures.lines, nameOf)}>{t('performance.csv')}</Button>}
    >
      <div className="cluster">
        <Choice label={t('performance.range')} name="days" current={String(daysOf(search))} search={search}>
          {DAYS.map((days) => ({ value: String(days), label: t('performance.days', { days }) }))}
        </Choice>
        <Choice label={t('performance.by')} name="by" current={by} search={search}>
          {BY.map((value) => ({ value, label: t(`performance.by_${value}`) }))}
        </Choice>
      </div>
      {figures.total.shown + figures.total.clicked === 0 ? (
        <Empty icon={Gauge} title={t('performance.empty_title')}>
          <p>{t('performance.empty')}</p>
        </Empty>
      ) : (
        <>
          <Funnel total={figures.total} />
          <div className="chart-pair">
            {(['clicked', 'raised'] as const).map((step) => (
              <Bars
                key={step}
                label={t('performance.chart', { what: t(`performance.${step}`) })}
                bars={everyDay(days.lines, rangeQuery(daysOf(search))).map(([day, line]) => ({
                  name: dayText(text, day),
                  value: line?.[step] ?? 0,
                  text: String(line?.[step] ?? 0),
                }))}
              />
            ))}
          </div>
          <Table caption={t('performance.title')} rows={figures.lines} rowKey={({ key }) => key} columns={columns} />
          {by === 'item' ? <p className="small quiet">{t('performance.several')}</p> : null}
        </>
      )}
    </Page>
  )
}

/** The days of a chart, those without anything too: so a bar is a day, wherever it stands. */
function everyDay(
  lines: readonly Line[],
  { from, until }: { from: string; until: string },
): [string, Line | undefined][] {
  const byDay = new Map(lines.map((line) => [line.key, line]))
  const days: [string, Line | undefined][] = []
  for (let at = Date.parse(from); at <= Date.parse(until); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    days.push([day, byDay.get(day)])
  }
  return days
}

function placeName({ t }: PageText, place: string): string {
  if (/^alert_on_/i.test(place))
    return t('performance.place_alert', { what: place.slice(9).replaceAll('_', ' ').toLowerCase() })
  if (place === 'email_notification') return t('performance.place_mail')
  if (place === 'mc_usage_info') return t('performance.place_header')
  if (place === 'usage_check') return t('performance.place_check')
  if (place === 'upgrade') return t('performance.place_upgrade')
  return place
}

function Amounts({ counts }: { counts: Counts }) {
  const text = useText()
  if (counts.amounts.length === 0) return <>{text.t('none')}</>
  return (
    <>
      {counts.amounts.map(({ paid }) => (
        <span key={paid.currency} className="money figure-amount">
          {text.money(paid, { code: true })}
        </span>
      ))}
    </>
  )
}

function Funnel({ total }: { total: Counts }) {
  const text = useText()
  const { t } = text
  const most = Math.max(1, ...STEPS.map((step) => total[step]))
  const percent = new Intl.NumberFormat(text.locale, { style: 'percent' })
  return (
    <section className="card stack" aria-labelledby="funnel">
      <h2 id="funnel">{t('performance.funnel')}</h2>
      <ol className="funnel">
        {STEPS.map((step, index) => {
          const before = STEPS[index - 1]
          const whole = before === undefined ? 0 : total[before]
          return (
            <li key={step}>
              <span className="funnel-label">{t(`performance.${step}`)}</span>
              <strong className="figure-value">{total[step]}</strong>
              <svg className="funnel-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect className="bar-track" width="100" height="8" />
                <rect className="bar" width={(total[step] / most) * 100} height="8" />
              </svg>
              <span className="small muted funnel-share">
                {whole === 0 ? null : t('performance.of_before', { percent: percent.format(total[step] / whole) })}
              </span>
            </li>
          )
        })}
      </ol>
      <p className="small quiet">
        {t('performance.paid_sum')} <Amounts counts={total} />
      </p>
    </section>
  )
}

/** A choice that stands in the address, beside the others. */
function Choice({
  label,
  name,
  current,
  search,
  children,
}: {
  label: string
  name: string
  current: string
  search: URLSearchParams
  children: readonly { readonly value: string; readonly label: string }[]
}) {
  const to = (value: string): string => {
    const next = new URLSearchParams(search)
    next.set(name, value)
    return `?${next}`
  }
  return (
    <nav className="segments" aria-label={label}>
      {children.map((each) => (
        <Link key={each.value} to={to(each.value)} aria-current={each.value === current ? 'true' : undefined}>
          {each.label}
        </Link>
      ))}
    </nav>
  )
}

/** What is on the page as a file: a row a line and currency. */
function saveCsv(by: string, lines: readonly Line[], nameOf: (line: Line) => string): void {
  const head = [by, 'name', ...STEPS, 'orders', 'currency', 'ordered', 'paid_amount']
  const rows = lines.flatMap((line) => {
    const counts = STEPS.map((step) => line[step])
    if (line.amounts.length === 0) return [[line.key, nameOf(line), ...counts, 0, '', '', '']]
    return line.amounts.map(({ orders, ordered, paid }, index) => [
      line.key,
      nameOf(line),
      ...(index === 0 ? counts : counts.map(() => 0)),
      orders,
      paid.currency,
      ordered.amount,
      paid.amount,
    ])
  })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([toCsv([head, ...rows])], { type: 'text/csv' }))
  link.download = `upsell-by-${by}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
