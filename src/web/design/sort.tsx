import { useNavigate } from 'react-router'
import { useText } from '../messages/use-text.ts'
import { useSearch } from './link.tsx'

/** What of a column counts here. */
interface Sortable {
  readonly label: string
  readonly sort?: string
  readonly number?: boolean
}

type Way = 'ascending' | 'descending'

/** The order that the address asks for, and a way to ask for another; a new order begins at the first page. */
function useSort(): { readonly sort: string; readonly sortBy: (sort: string) => void } {
  const search = useSearch()
  const navigate = useNavigate()
  return {
    sort: search.get('sort') ?? '',
    sortBy(sort) {
      const next = new URLSearchParams(search)
      next.delete('cursor')
      if (sort === '') next.delete('sort')
      else next.set('sort', sort)
      void navigate(`?${next}`)
    },
  }
}

const wayOf = (key: string, sort: string): Way | undefined =>
  sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined

const ARROWS = { ascending: '↑', descending: '↓', none: '↕' } as const

/** The head of a column that the list can be sorted by: pressed once it sorts, pressed again the other way round. Amounts begin with the largest. */
export function SortHead({ column, className }: { column: Sortable; className: string | undefined }) {
  const { sort, sortBy } = useSort()
  const key = column.sort ?? ''
  const way = wayOf(key, sort)
  const next = way === undefined ? (column.number ? `-${key}` : key) : way === 'ascending' ? `-${key}` : key
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={way ?? 'none'}>
      <button type="button" className="sort" onClick={() => sortBy(next)}>
        {column.label}
        <span aria-hidden="true">{ARROWS[way ?? 'none']}</span>
      </button>
    </th>
  )
}

/** The same for a phone, where a table is cards and has no heads. */
export function SortField({ columns }: { columns: readonly Sortable[] }) {
  const { t } = useText()
  const { sort, sortBy } = useSort()
  return (
    <select
      className="input sort-field"
      aria-label={t('sort.by')}
      value={sort}
      onChange={({ target }) => sortBy(target.value)}
    >
      <option value="">{t('sort.none')}</option>
      {columns.flatMap(({ sort: key, label }) =>
        key === undefined
          ? []
          : [key, `-${key}`].map((each) => (
              <option key={each} value={each}>
                {label} {ARROWS[wayOf(key, each) ?? 'none']}
              </option>
            )),
      )}
    </select>
  )
}
