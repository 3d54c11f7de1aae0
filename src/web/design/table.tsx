import type { ReactNode } from 'react'
import { SortHead } from './sort.tsx'

export interface Column<Row> {
  readonly key: string
  readonly label: string
  readonly cell: (row: Row) => ReactNode
  readonly number?: boolean
  /** What the list is sorted by when its head is pressed: the name that the API knows. */
  readonly sort?: string
  /** Holds buttons: no label on a phone, full width. */
  readonly actions?: boolean
}

/**
 * A table that becomes cards on a phone. The first column names the row. Roles are spelled out, since a table drawn
 * as blocks loses them in some browsers.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  sortable = false,
}: {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** The address decides the order: its heads change it. */
  sortable?: boolean
}) {
  const shape = (column: Column<Row>): string | undefined =>
    column.actions ? 'actions' : column.number ? 'number' : undefined
  return (
    <table className="table" role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) =>
            sortable && column.sort ? (
              <SortHead key={column.key} column={column} className={shape(column)} />
            ) : (
              <th key={column.key} role="columnheader" scope="col" className={shape(column)}>
                {column.actions ? <span className="visually-hidden">{column.label}</span> : column.label}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.key} role="rowheader" scope="row">
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.key} role="cell" data-label={column.label} className={shape(column)}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
