import { useText } from '../messages/use-text.ts'
import { Link, useSearch } from './link.tsx'

/** Onward through a list by cursor, and back to its beginning; both are plain links that can be sent. */
export function Pager({ nextCursor }: { nextCursor: string | null }) {
  const { t } = useText()
  const search = useSearch()
  const at = (cursor: string | null): string => {
    const next = new URLSearchParams(search)
    if (cursor === null) next.delete('cursor')
    else next.set('cursor', cursor)
    return `?${next}`
  }
  if (nextCursor === null && !search.has('cursor')) return null
  return (
    <nav className="cluster spread" aria-label={t('pager.label')}>
      {search.has('cursor') ? (
        <Link className="button button-small" to={at(null)}>
          {t('pager.first')}
        </Link>
      ) : (
        <span />
      )}
      {nextCursor === null ? null : (
        <Link className="button button-small" to={at(nextCursor)}>
          {t('pager.next')}
        </Link>
      )}
    </nav>
  )
}
