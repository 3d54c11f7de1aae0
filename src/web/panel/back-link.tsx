import { ArrowLeft } from '../design/icons.tsx'
import { Link } from '../design/link.tsx'

/** Up one level: from a thing to the list it is in. */
export function BackLink({ to, children }: { to: string; children: string }) {
  return (
    <Link className="back no-print" to={to}>
      <ArrowLeft size={15} />
      {children}
    </Link>
  )
}
