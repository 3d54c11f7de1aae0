import { type ReactNode, useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'

interface Row<Item> {
  readonly key: number
  /** null: a new one. */
  readonly item: Item | null
}

export interface RowTable<Item> {
  readonly rows: readonly Row<Item>[]
  add(): void
  remove(key: number): void
}

/** The rows of a part of a form that may grow. */
export function useRows<Item>(items: readonly (Item | null)[]): RowTable<Item> {
  const [rows, setRows] = useState<readonly Row<Item>[]>(() => items.map((item, key) => ({ key, item })))
  const add = useCallback(
    () => setRows((now) => [...now, { key: Math.max(-1, ...now.map((row) => row.key)) + 1, item: null }]),
    [],
  )
  const remove = useCallback((key: number) => setRows((now) => now.filter((row) => row.key !== key)), [])
  return { rows, add, remove }
}

/** Groups of fields, one below the other, each with its number; one can be added. */
export function Rows<Item>({
  title,
  name,
  hint,
  add,
  table,
  error,
  canRemove,
  legend,
  children,
}: {
  title: string
  /** As the API calls the list. */
  name: string
  hint: string
  add: string
  table: RowTable<Item>
  error: string | undefined
  canRemove: (item: Item | null) => boolean
  /** What names a row, with its id where it has one. */
  legend: (item: Item | null, n: number) => ReactNode
  children: (item: Item | null, path: string) => ReactNode
}) {
  const { t } = useText()
  return (
    <section className="stack" aria-label={title}>
      <div className="stack stack-1">
        <h2 tabIndex={-1} data-field={name}>
          {title}
        </h2>
        <p className="hint">{hint}</p>
        {error ? <p className="field-error">{error}</p> : null}
      </div>
      {table.rows.map((row, index) => (
        <fieldset key={row.key} className="row-fields">
          <legend>{legend(row.item, index + 1)}</legend>
          {children(row.item, `${name}.${index}`)}
          {canRemove(row.item) && table.rows.length > 0 ? (
            <div className="row-end">
              <Button size="small" look="quiet" onClick={() => table.remove(row.key)}>
                {t('setup.remove_row', { title, n: index + 1 })}
              </Button>
            </div>
          ) : null}
        </fieldset>
      ))}
      <div>
        <Button size="small" onClick={table.add}>
          {add}
        </Button>
      </div>
    </section>
  )
}
