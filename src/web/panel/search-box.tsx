import { useSearch } from '../design/link.tsx'
import { SearchForm } from '../design/search-form.tsx'
import { useText } from '../messages/use-text.ts'

/**
 * The search above a list. What else filters the list stays in the address; the place in the list does not.
 *
 * @param name Of the search in the address.
 */
export function SearchBox({ label, name = 'query' }: { label: string; name?: string }) {
  const { t } = useText()
  const search = useSearch()
  const wish = search.get(name) ?? ''
  return (
    <SearchForm role="search" className="search">
      {[...search]
        .filter(([other]) => other !== name && other !== 'cursor')
        .map(([other, value]) => (
          <input key={other} type="hidden" name={other} value={value} />
        ))}
      <input className="input" type="search" name={name} defaultValue={wish} placeholder={label} aria-label={label} />
      <button className="button" type="submit">
        {t('search.find')}
      </button>
    </SearchForm>
  )
}
