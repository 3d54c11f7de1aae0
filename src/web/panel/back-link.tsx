import { Link } from 'react-router'
import { ArrowLeft } from '../design/icons.tsx'

/** Up one level: from a thing to the list it is in. */
export function BackLink({ to, children }: { to: string; children: string }) {
  return (
    <Link className="back no-print" to={to}>
      <ArrowLeft size={15} aria-hidden="true" />
      {children}
    </Link>
  )
}
