import type { ReactNode } from 'react'
import { CircleAlert, CircleCheck, Info, TriangleAlert } from './icons.tsx'

export type Tone = 'ok' | 'warn' | 'bad' | 'info'
const ICONS = { ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert, info: Info }

/** Something the reader should know, beside what they do. `live` announces it when it appears. */
export function Notice({
  tone,
  title,
  children,
  live = false,
}: {
  tone: Tone
  title?: string
  children?: ReactNode
  live?: boolean
}) {
  const Icon = ICONS[tone]
  return (
    <div className={`notice tone-${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <Icon size={19} />
      <div className="stack stack-2">
        {title === undefined ? null : <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}
