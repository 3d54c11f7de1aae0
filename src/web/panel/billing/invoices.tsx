import { type LoaderFunctionArgs, useLoaderData, useLocation } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { query, readList, wishesOf } from '../api.ts'
import { List, StatusFilter } from '../lists.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import type { Invoice } from './types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Invoice>>(request, '/invoices', wishesOf(request, 'status', 'query'))

const TONES = { open: 'warn', overdue: 'bad', paid: 'ok' } as const

export function InvoiceStatus({ invoice: { kind, status } }: { invoice: Pick<Invoice, 'kind' | 'status'> }) {
  const { t } = useText()
  if (kind === 'credit_note') return <Badge tone="info">{t('billing.status.credited')}</Badge>
  return <Badge tone={TONES[status]}>{t(`billing.status.${status}`)}</Badge>
}

/** Invoices and credit notes: the customer's own in the control panel, all one sees in the portal. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const search = useSearch()
  const page = useLoaderData<typeof loader>()
  const isStaff = useLocation().pathname.startsWith('/portal')
  const base = isStaff ? '/portal/invoices' : '/client/invoices'
  const columns: Column<Invoice>[] = [
    {
      key: 'number',
      sort: 'number',
      label: t('billing.number'),
      cell: (invoice) => (
        <Link className="row-link" to={`${base}/${invoice.id}`}>
          {t(`billing.title.${invoice.kind}`, { number: invoice.number })}
        </Link>
      ),
    },
    ...(isStaff
      ? [{ key: 'account', sort: 'customer', label: t('column.customer'), cell: (row: Invoice) => row.account.name }]
      : []),
    { key: 'for', label: t('billing.for'), cell: (invoice) => invoice.title },
    { key: 'status', label: t('column.status'), cell: (invoice) => <InvoiceStatus invoice={invoice} /> },
    {
      key: 'issued',
      sort: 'issued_at',
      label: t('billing.issued'),
      cell: (invoice) => <When at={invoice.issuedAt} plain />,
    },
    {
      key: 'total',
      sort: 'total',
      label: t('column.total'),
      number: true,
      cell: ({ total }) => <Money value={total} code />,
    },
  ]
  const asked = query({ status: search.get('status'), query: search.get('query') })
  const isFiltered = asked !== ''
  return (
    <Page
      title={t('nav.invoices')}
      actions={
        <>
          {isStaff ? (
            <a className="button" href={`/api/v1/invoices.jsonl${asked}`} download>
              {t('billing.jsonl')}
            </a>
          ) : null}
          {isStaff && can(session, 'invoices:write') ? (
            <>
              <ButtonLink to="/portal/invoices/reminders">{t('dunning.settings')}</ButtonLink>
              <ButtonLink to="/portal/invoices/settings">{t('billing.settings')}</ButtonLink>
            </>
          ) : null}
        </>
      }
    >
      <List
        caption={t('nav.invoices')}
        filter={
          <>
            <SearchBox label={t(isStaff ? 'billing.search' : 'billing.search_own')} />
            <StatusFilter
              label={t('filter.status')}
              options={[
                { value: '', label: t('filter.all') },
                { value: 'open', label: t('billing.status.open') },
                { value: 'overdue', label: t('billing.status.overdue') },
                { value: 'paid', label: t('billing.status.paid') },
              ]}
            />
          </>
        }
        page={page}
        columns={columns}
        rowKey={(invoice) => invoice.id}
        empty={
          <Empty icon={FileText} title={t(isFiltered ? 'billing.none_found_title' : 'billing.empty_title')}>
            <p>{t(isFiltered ? 'billing.none_found' : 'billing.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}
