import type { ReactNode } from 'react'

export interface LineItem {
  readonly key: string
  readonly label: ReactNode
  readonly note?: ReactNode
  readonly value: ReactNode
  readonly total?: boolean
}

/** Label and amount with dotted leaders between them: prices on slips, orders, plans. */
export function Lines({ items }: { items: readonly LineItem[] }) {
  return (
    <dl className="lines">
      {items.map((item) => (
        <div key={item.key} className={item.total ? 'line line-total' : 'line'}>
          <dt>
            {item.label}
            {item.note ? <small>{item.note}</small> : null}
          </dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Name and value, one below the other on a phone. */
export function Facts({ items }: { items: readonly { readonly label: string; readonly value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {items.map((item) => (
        <div key={item.label} className="fact">
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
