import { type AnchorHTMLAttributes, type MouseEvent, useMemo } from 'react'
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
