import { useCallback } from 'react'
import { toCsv } from '../../../kernel/csv.ts'
import { Button } from '../../design/button.tsx'
import { useSearch } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { deliveryQuery } from './delivery-filters.tsx'
import type { Delivery } from './types.ts'

/** More than anyone reads in a table; the API gives all of them. */
const MAX_ROWS = 5_000

/** Everything that the filters let through, as a file. */
export function DeliveryCsv() {
  const { t } = useText()
  const search = useSearch()
  const save = useOperation(
    useCallback(async () => {
      const rows: Delivery[] = []
      let cursor: string | null = null
      do {
        const page: ListPage<Delivery> = await call(`/deliveries${deliveryQuery(search, cursor)}&limit=200`)
        rows.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null && rows.length < MAX_ROWS)
      download(rows)
    }, [search]),
  )
  return (
    <>
      <Button size="small" pending={save.pending} onClick={() => void save.run()}>
        {t('deliveries.csv')}
      </Button>
      <ErrorSummary error={save.error} failures={save.failures} />
    </>
  )
}

const HEAD = [
  'created_at',
  'event_type',
  'subject',
  'channel',
  'to',
  'status',
  'attempts',
  'answer',
  'finished_at',
  'id',
]

function download(rows: readonly Delivery[]): void {
  const lines = rows.map((row) => [
    row.createdAt,
    row.eventType,
    `${row.subject.kind} ${row.subject.id}`,
    row.channel,
    row.webhookUrl ?? row.handler ?? '',
    row.status,
    row.attempts,
    row.lastError ?? row.lastStatus ?? '',
    row.finishedAt ?? '',
    row.id,
  ])
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([toCsv([HEAD, ...lines])], { type: 'text/csv' }))
  link.download = 'deliveries.csv'
  link.click()
  URL.revokeObjectURL(link.href)
}
