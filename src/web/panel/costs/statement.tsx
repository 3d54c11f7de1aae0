import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Lines } from '../../design/lines.tsx'
import { Table } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import type { MessageKey } from '../../messages/catalogue.ts'
import { costs } from '../../messages/en/costs.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { monthText } from './month-text.ts'
import type { WholeCostStatement } from './types.ts'

export const loader = ({ params }: LoaderFunctionArgs) =>
  call<WholeCostStatement>(`/cost-statements/${params['statementId']}`)

/** One statement: each sale of the month, what it was sold for, and what it cost. */
export function Component() {
  const text = useText()
  const { t } = text
  const statement = useLoaderData<typeof loader>()
  const { id, number, period, reseller, supplier, sales, cost, lines } = statement
  const isOfBelow = lines.some(({ soldBy }) => soldBy.id !== reseller.id)
  const file = (ending: string) => `/api/v1/cost-statements/${id}/lines.${ending}`
  return (
    <Page
      title={t('costs.title', { number })}
      eyebrow={`${monthText(text, period)} · ${reseller.name}`}
      aboveTitle={<BackLink to="/portal/cost-statements">{t('nav.costs')}</BackLink>}
      actions={
        <>
          <a className="button" href={file('csv')} download>
            {t('costs.csv')}
          </a>
          <a className="button" href={file('jsonl')} download>
            {t('costs.jsonl')}
          </a>
        </>
      }
    >
      <section className="card stack" aria-labelledby="sums">
        <h2 id="sums">{monthText(text, period)}</h2>
        <Lines
          items={[
            { key: 'reseller', label: t('costs.reseller'), value: reseller.name },
            { key: 'supplier', label: t('costs.supplier'), value: supplier.name },
            { key: 'issued', label: t('costs.issued_at'), value: <When at={statement.issuedAt} plain /> },
            { key: 'sales', label: t('costs.sales'), value: <Money value={sales} code /> },
            { key: 'cost', label: t('costs.cost'), value: <Money value={cost} code />, total: true },
          ]}
        />
        {isOfBelow ? <p className="small muted">{t('costs.of_below')}</p> : null}
      </section>
      <section className="stack" aria-labelledby="lines">
        <h2 id="lines">{t('costs.lines')}</h2>
        <Table
          caption={t('costs.lines')}
          rows={lines}
          rowKey={({ sourceId }) => sourceId}
          columns={[
            {
              key: 'what',
              label: t('costs.what'),
              cell: ({ kind }) => {
                const key = `costs.kind.${kind}`
                return key in costs ? t(key as MessageKey) : kind
              },
            },
            { key: 'for', label: t('costs.for'), cell: ({ title }) => title },
            { key: 'day', label: t('costs.day'), cell: ({ at }) => <When at={at} plain /> },
            { key: 'document', label: t('costs.document'), cell: ({ document }) => document },
            { key: 'seller', label: t('costs.sold_by'), cell: ({ soldBy }) => soldBy.name },
            { key: 'sale', label: t('costs.sales'), number: true, cell: ({ sale }) => <Money value={sale} code /> },
            { key: 'cost', label: t('costs.cost'), number: true, cell: (line) => <Money value={line.cost} code /> },
          ]}
        />
      </section>
    </Page>
  )
}
