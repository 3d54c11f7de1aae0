import { type FormEvent, type FormHTMLAttributes, useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { useSearch } from './link.tsx'

/**
 * A form whose values become the query of this page; empty ones are left out, the order of a list stays. `live`: each
 * change is a search. Its fields are never drawn anew, so that whoever types or chooses keeps the focus.
 */
export function SearchForm({
  live = false,
  ...rest
}: FormHTMLAttributes<HTMLFormElement> & { readonly live?: boolean }) {
  const navigate = useNavigate()
  const asked = useSearch()
  const sort = asked.get('sort')
  const form = useRef<HTMLFormElement>(null)
  const own = useRef(String(asked))
  useEffect(() => {
    if (String(asked) !== own.current && form.current) showAsked(form.current, asked)
    own.current = String(asked)
  }, [asked])
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const query = new URLSearchParams(sort === null ? [] : [['sort', sort]])
    for (const [name, value] of new FormData(event.currentTarget))
      if (typeof value === 'string' && value !== '') query.set(name, value)
    own.current = String(query)
    void navigate(`?${query}`)
  }
  return <form ref={form} method="get" {...rest} onSubmit={search} onChange={live ? search : undefined} />
}

/** Where something else than the form changed the address, such as going back, its fields say what that asks for. */
function showAsked(form: HTMLFormElement, asked: URLSearchParams): void {
  for (const field of form.elements) {
    const { name, value } = field as HTMLInputElement
    const said = asked.get(name)
    if (field instanceof HTMLSelectElement)
      field.value = said ?? [...field.options].find((option) => option.defaultSelected)?.value ?? ''
    else if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = said === value
    else if (field instanceof HTMLInputElement && field.type !== 'hidden') field.value = said ?? ''
  }
}
