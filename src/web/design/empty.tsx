import type { ReactNode } from 'react'
import type { Icon } from './icons.tsx'

/** An empty place that teaches: what will be here, and how it comes to be. */
export function Empty({ icon: Shape, title, children }: { icon: Icon; title: string; children: ReactNode }) {
  return (
    <div className="empty">
      <Shape size={28} strokeWidth={1.5} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}
