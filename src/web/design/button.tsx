import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Link } from './link.tsx'

export type ButtonLook = 'primary' | 'plain' | 'danger' | 'quiet'

const classes = (look: ButtonLook, size: 'normal' | 'small', wide: boolean): string =>
  [
    'button',
    look === 'plain' ? '' : `button-${look}`,
    size === 'small' ? 'button-small' : '',
    wide ? 'button-wide' : '',
  ]
    .filter(Boolean)
    .join(' ')

interface Shape {
  readonly look?: ButtonLook
  readonly size?: 'normal' | 'small'
  readonly wide?: boolean
  readonly children: ReactNode
}

/**
 * A button. While `pending` it keeps its place, its name and the focus, and does nothing: `disabled` would drop the
 * focus and hide it from screen readers.
 */
export function Button({
  look = 'plain',
  size = 'normal',
  wide = false,
  pending = false,
  children,
  ...rest
}: Shape & { pending?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(look, size, wide)}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : rest.onClick}
    >
      {pending ? <span className="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  )
}

/** A way to another page that looks like a button. */
export function ButtonLink({ to, look = 'plain', size = 'normal', wide = false, children }: Shape & { to: string }) {
  return (
    <Link className={classes(look, size, wide)} to={to}>
      {children}
    </Link>
  )
}
