import type { ReactNode } from 'react'
import { Link, useSearch } from '../design/link.tsx'
import { Pager } from '../design/pager.tsx'
import { SortField } from '../design/sort.tsx'
import { type Column, Table } from '../design/table.tsx'
import { useText } from '../messages/use-text.ts'
import type { Page } from './types.ts'

/** A page, and where all of it is to be had as a file, as it is filtered and sorted. */
interface Listed<Row> extends Page<Row> {
  readonly file?: string
}

/** A list with its filter, order and file above, its empty state in its place, and the way onward below. */
export function List<Row>({
  caption,
  filter,
  page,
  columns,
  rowKey,
  empty,
}: {
  caption: string
  filter?: ReactNode
  page: Listed<Row>
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  empty: ReactNode
}) {
  return (
    <div className="stack">
      <ListTools filter={filter} page={page} columns={columns} />
      {page.items.length === 0 ? (
        empty
      ) : (
        <Table caption={caption} columns={columns} rows={page.items} rowKey={rowKey} sortable />
      )}
      <Pager nextCursor={page.nextCursor} />
    </div>
  )
}

/** What stands above a list: how it is filtered, sorted on a phone, and taken along as a file. */
export function ListTools<Row>({
  filter,
  page,
  columns = [],
}: {
  filter?: ReactNode
  page: Listed<Row>
  columns?: readonly Column<Row>[]
}) {
  const { t } = useText()
  const isSortable = columns.some(({ sort }) => sort !== undefined)
  if (page.items.length === 0 || (page.file === undefined && !isSortable)) return filter
  return (
    <div className="list-tools no-print">
      {filter}
      <div className="list-ways">
        {isSortable ? <SortField columns={columns} /> : null}
        {page.file === undefined ? null : (
          <a className="button" href={page.file} download>
            {t('list.csv')}
          </a>
        )}
      </div>
    </div>
  )
}

/** The filter of a list as links: it stands in the URL, so it can be sent and goes back. The order stays. */
export function StatusFilter({
  label,
  options,
}: {
  label: string
  options: readonly { value: string; label: string }[]
}) {
  const search = useSearch()
  const current = search.get('status') ?? ''
  const to = (value: string): string => {
    const next = new URLSearchParams(search)
    next.delete('cursor')
    if (value) next.set('status', value)
    else next.delete('status')
    return `?${next}`
  }
  return (
    <nav className="segments" aria-label={label}>
      {options.map((option) => (
        <Link key={option.value} to={to(option.value)} aria-current={option.value === current ? 'true' : undefined}>
          {option.label}
        </Link>
      ))}
    </nav>
  )
}
