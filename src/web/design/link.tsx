import {
  type AnchorHTMLAttributes,
  type FormEvent,
  type FormHTMLAttributes,
  type MouseEvent,
  useEffect,
  useMemo,
  useRef,
} from 'react'
import { type RelativeRoutingType, useHref, useLocation, useNavigate } from 'react-router'

/**
 * Links and search forms within the panel. They do what react-router's own do, as far as we use it; those would bring
 * 4 KiB of prefetching and server-rendering code to every first load.
 */
interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string
  /** `path`: `../confirm` is relative to the address, not to the nesting of routes. */
  readonly relative?: RelativeRoutingType
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !(event.metaKey || event.altKey || event.ctrlKey || event.shiftKey)

/** A link to another page of the panel: a real address, followed without loading the panel again. */
export function Link({ to, relative = 'route', onClick, children, ...rest }: LinkProps) {
  const href = useHref(to, { relative })
  const navigate = useNavigate()
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    if (event.defaultPrevented || !isPlainClick(event) || rest.target) return
    event.preventDefault()
    // A link to the page one is on adds no second entry to the history.
    void navigate(to, { relative, replace: href === location.pathname + location.search })
  }
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  )
}

/** A link of a menu; it is current on its page and, unless `end`, on the pages below it. */
export function NavLink({ end = false, ...rest }: LinkProps & { readonly end?: boolean }) {
  const { pathname } = useLocation()
  const isHere = pathname === rest.to || (!end && pathname.startsWith(`${rest.to}/`))
  return <Link {...rest} aria-current={isHere ? 'page' : undefined} />
}

/** What the address says after its `?`. */
export function useSearch(): URLSearchParams {
  const { search } = useLocation()
  return useMemo(() => new URLSearchParams(search), [search])
}

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
