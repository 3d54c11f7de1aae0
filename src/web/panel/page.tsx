import { type ReactNode, useEffect, useRef } from 'react'
import { useSession } from './session.ts'

/** The first page of a visit leaves the focus to the browser; later ones take it, so that they are announced. */
let isFirstPage = true

/** A page: its title in the tab and as the heading that takes the focus, its actions, its content. */
export function Page({
  title,
  eyebrow,
  lead,
  actions,
  children,
  aboveTitle,
}: {
  title: string
  eyebrow?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  children?: ReactNode
  aboveTitle?: ReactNode
}) {
  const { brand } = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${brand.serviceName}`
  }, [title, brand.serviceName])
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true })
    isFirstPage = false
  }, [])
  return (
    <div className="stack stack-5">
      <div className="page-head">
        <div className="stack stack-2">
          {aboveTitle}
          {eyebrow ? <p className="eyebrow">{eyebrow}</p> : null}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead ? <p className="page-lead">{lead}</p> : null}
        </div>
        {actions ? <div className="cluster no-print">{actions}</div> : null}
      </div>
      {children}
    </div>
  )
}
