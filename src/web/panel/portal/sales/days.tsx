import { Link, useSearch } from '../../../design/link.tsx'
import { useText } from '../../../messages/use-text.ts'

const CHOICES = [30, 90, 365] as const

/** The days a report is of, as its address says. */
export const daysOf = (search: URLSearchParams): number =>
  CHOICES.find((choice) => String(choice) === search.get('days')) ?? CHOICES[0]

/** The query of that many days until today, UTC. */
export function rangeQuery(days: number): { from: string; until: string } {
  const until = new Date()
  const from = new Date(until.getTime() - (days - 1) * 86_400_000)
  return { from: from.toISOString().slice(0, 10), until: until.toISOString().slice(0, 10) }
}

/** How far back figures go, as links: it stands in the URL, with what it is filtered and sorted by. */
export function DaysFilter() {
  const { t } = useText()
  const search = useSearch()
  const days = daysOf(search)
  const to = (choice: number): string => {
    const next = new URLSearchParams(search)
    next.delete('cursor')
    next.set('days', String(choice))
    return `?${next}`
  }
  return (
    <nav className="segments" aria-label={t('figures.range')}>
      {CHOICES.map((choice) => (
        <Link key={choice} to={to(choice)} aria-current={choice === days ? 'true' : undefined}>
          {t('figures.days', { n: choice })}
        </Link>
      ))}
    </nav>
  )
}
