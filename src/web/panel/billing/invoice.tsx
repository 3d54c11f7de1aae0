import { lazy, Suspense } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useLocation } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { FileText } from '../../design/icons.tsx'
import { Facts, Lines } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money, When } from '../../design/values.tsx'
import type { MessageKey } from '../../messages/catalogue.ts'
import { billing } from '../../messages/en/billing.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { countryName } from '../country-name.ts'
import { isZero } from '../money.ts'
import { Page } from '../page.tsx'
import { dayText } from '../day.ts'
import type { Dunning } from '../dunning-lines.ts'
import { can, loadSession } from '../session.ts'
import { InvoiceStatus } from './invoices.tsx'
import type { Page as ListPage } from '../types.ts'
import type { WholeInvoice } from './types.ts'

/** Loaded where something was asked for. */
const Dunnings = lazy(() => import('../dunnings.tsx').then((module) => ({ default: module.Dunnings })))

export async function loader({ params }: LoaderFunctionArgs) {
  const invoiceId = String(params['invoiceId'])
  const maySee = can(await loadSession(), 'payments:read')
  const [invoice, dunnings] = await Promise.all([
    call<WholeInvoice>(`/invoices/${invoiceId}`),
    maySee ? call<ListPage<Dunning>>(`/dunnings?invoice_id=${invoiceId}`) : { items: [] },
  ])
  return { invoice, dunnings: dunnings.items }
}

/** One document as it was issued, and what was paid of it since. */
export function Component() {
  const { t } = useText()
  const { invoice, dunnings } = useLoaderData<typeof loader>()
  const area = useLocation().pathname.startsWith('/portal') ? '/portal' : '/client'
  const isOwed = invoice.kind === 'invoice' && invoice.status !== 'paid'
  return (
    <Page
      aboveTitle={<BackLink to={`${area}/invoices`}>{t('nav.invoices')}</BackLink>}
      title={t(`billing.title.${invoice.kind}`, { number: invoice.number })}
      actions={
        <a className="button button-primary" href={`/api/v1/invoices/${invoice.id}/pdf`} target="_blank" rel="noopener">
          <FileText size={17} />
          {t('billing.pdf')}
        </a>
      }
    >
      {isOwed && area === '/client' ? (
        <Notice tone={invoice.status === 'overdue' ? 'bad' : 'info'}>
          <p>{t('billing.owed')}</p>
          <p>
            <ButtonLink to="/client/balance">{t('billing.to_balance')}</ButtonLink>
          </p>
        </Notice>
      ) : null}
      <section className="card stack">
        <h2>{t('billing.facts')}</h2>
        <DocumentFacts invoice={invoice} area={area} />
      </section>
      <section className="card stack">
        <h2>{t('billing.lines')}</h2>
        <DocumentLines invoice={invoice} />
        {invoice.taxNote ? <p className="quiet">{invoice.taxNote}</p> : null}
      </section>
      {dunnings.length > 0 ? (
        <Suspense fallback={null}>
          <Dunnings dunnings={dunnings} toPayer={area === '/client'} />
        </Suspense>
      ) : null}
      <Parties invoice={invoice} />
    </Page>
  )
}

function DocumentFacts({ invoice, area }: { invoice: WholeInvoice; area: string }) {
  const { t, locale } = useText()
  const day = (at: number): string => dayText({ locale }, new Date(at).toISOString().slice(0, 10))
  const { order, corrects, corrections, period } = invoice
  const isOwed = invoice.kind === 'invoice' && !invoice.paidAt
  const facts = [
    { label: t('column.status'), value: <InvoiceStatus invoice={invoice} /> },
    { label: t('billing.issued'), value: <When at={invoice.issuedAt} plain /> },
    isOwed && { label: t('billing.due'), value: <When at={invoice.dueAt} plain /> },
    invoice.kind === 'invoice' &&
      invoice.paidAt && { label: t('billing.paid_on'), value: <When at={invoice.paidAt} plain /> },
    isOwed && !isZero(invoice.paid) && { label: t('billing.paid_so_far'), value: <Money value={invoice.paid} code /> },
    area === '/portal' && {
      label: t('column.customer'),
      value: <Link to={`/portal/accounts/${invoice.account.id}`}>{invoice.account.name}</Link>,
    },
    order && { label: t('billing.order'), value: <Link to={`${area}/orders/${order.id}`}>{order.number}</Link> },
    invoice.subscriptionId && {
      label: t('column.subscription'),
      value: <Link to={`${area}/subscriptions/${invoice.subscriptionId}`}>{invoice.title}</Link>,
    },
    period && {
      label: t('billing.period'),
      value: t('billing.period_value', {
        from: day(Date.parse(period.starts)),
        until: day(Date.parse(period.ends) - 1),
      }),
    },
    corrects && {
      label: t('billing.corrects'),
      value: <Link to={`${area}/invoices/${corrects.id}`}>{corrects.number}</Link>,
    },
    corrections.length > 0 && {
      label: t('billing.corrected_by'),
      value: corrections.map(({ id, number }) => (
        <Link key={id} to={`${area}/invoices/${id}`}>
          {number}{' '}
        </Link>
      )),
    },
  ]
  return <Facts items={facts.filter((fact) => typeof fact === 'object' && fact !== null)} />
}

function DocumentLines({ invoice }: { invoice: WholeInvoice }) {
  const { t, number, money } = useText()
  const { currency } = invoice.total
  const kindOf = (kind: string): string => {
    const key = `billing.line.${kind}`
    return key in billing ? t(key as MessageKey) : kind
  }
  const noteOf = (line: WholeInvoice['lines'][number]): string => {
    const kind = kindOf(line.kind)
    if (line.unitPrice === null) return kind
    const values = { kind, quantity: number(line.quantity), price: `${line.unitPrice} ${currency}` }
    return line.months === null || line.months === '1'
      ? t('billing.times', values)
      : t('billing.times_months', { ...values, months: number(line.months) })
  }
  return (
    <Lines
      items={[
        ...invoice.lines.map((line, index) => ({
          key: String(index),
          label: line.description,
          note: noteOf(line),
          value: <Money value={line.net} />,
        })),
        { key: 'net', label: t('billing.net'), value: <Money value={invoice.net} /> },
        ...invoice.taxes.map(({ ratePercent, net, tax }) => ({
          key: `tax ${ratePercent}`,
          label: t('billing.tax', {
            name: invoice.taxName || t('billing.tax_name'),
            rate: ratePercent,
            net: money(net),
          }),
          value: <Money value={tax} />,
        })),
        { key: 'total', label: t('billing.total'), value: <Money value={invoice.total} code />, total: true },
      ]}
    />
  )
}

function Parties({ invoice: { seller, buyer } }: { invoice: WholeInvoice }) {
  const { t, locale } = useText()
  const vat = (id: string): string => (id ? t('billing.vat_id', { id }) : '')
  const country = (code: string | null): string => (code ? countryName(locale, code) : '')
  const from = [seller.name, ...seller.address.split('\n'), country(seller.country), vat(seller.vatId)]
  const to = [
    buyer.companyName || buyer.name,
    buyer.companyName === buyer.name ? '' : buyer.companyName && buyer.name,
    buyer.street,
    `${buyer.zip} ${buyer.city}`.trim(),
    buyer.region,
    country(buyer.country),
    vat(buyer.vatId),
  ]
  return (
    <section className="card stack">
      <h2>{t('billing.parties')}</h2>
      <Facts
        items={[
          { label: t('billing.from'), value: <Address lines={[...from, seller.registration, seller.email]} /> },
          { label: t('billing.to'), value: <Address lines={to} /> },
        ]}
      />
    </section>
  )
}

const Address = ({ lines }: { lines: readonly string[] }) => (
  <span className="pre-line">{lines.filter((line) => line.trim() !== '').join('\n')}</span>
)
