import { type ReactNode, useId, useState } from 'react'
import { Outlet, useLocation, useNavigate } from 'react-router'
import { BrandMark } from '../../design/brand-mark.tsx'
import { type Icon, LogOut, Menu, X } from '../../design/icons.tsx'
import { Link, NavLink } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { refreshSession, useSession } from '../session.ts'
import { Waiting } from '../waiting.tsx'
import { NavGroup } from './nav-group.tsx'
import { NoticeBell } from './notice-bell.tsx'

export interface NavItem {
  readonly to: string
  readonly label: string
  readonly icon: Icon
  /** The area's own start page is current only where the path is exactly it. */
  readonly end?: boolean
}

/** Entries of the menu that belong together, below a heading that folds them away. */
export interface NavSection {
  readonly label: string
  readonly items: readonly NavItem[]
}

/** The frame of control panel and portal: who I am, where I can go; beside the content, or behind a button on a phone. */
export function Shell({
  home,
  items,
  sections = [],
  area,
  notice,
}: {
  home: string
  items: readonly NavItem[]
  sections?: readonly NavSection[]
  area?: string
  /** What should be seen above every page. */
  notice?: ReactNode
}) {
  const { t } = useText()
  const session = useSession()
  const [openAt, setOpenAt] = useState<string | null>(null)
  const navId = useId()
  const { pathname } = useLocation()
  // Going anywhere closes the menu.
  const open = openAt === pathname
  return (
    <>
      <Waiting />
      <a className="skip-link" href="#main">
        {t('skip.to_content')}
      </a>
      <div className="shell">
        <header className="top-bar">
          <div className="stack stack-1">
            <BrandMark name={session.brand.serviceName} logoUrl={session.brand.logoUrl ?? null} href={home} />
            {area ? <p className="area">{area}</p> : null}
          </div>
          <button
            type="button"
            className="button button-small menu-button"
            aria-expanded={open}
            aria-controls={navId}
            onClick={() => setOpenAt(open ? null : pathname)}
          >
            {open ? <X size={18} /> : <Menu size={18} />}
            {t('nav.menu')}
          </button>
          <nav id={navId} className="side-nav" data-open={open} aria-label={t('nav.label')}>
            <ul>
              {items.map((item) => (
                <Entry key={item.to} {...item} />
              ))}
            </ul>
            {sections.map(({ label, items: entries }) => (
              <NavGroup key={label} label={label} paths={entries.map(({ to }) => to)}>
                {entries.map((item) => (
                  <Entry key={item.to} {...item} />
                ))}
              </NavGroup>
            ))}
            <ul>
              <li>
                <NoticeBell to={`${home}/notices`} />
              </li>
            </ul>
            <Who home={home} />
          </nav>
        </header>
        <main id="main" className="shell-main" tabIndex={-1}>
          {session.demonstration ? <p className="demo-note no-print">{t('demo.strip')}</p> : null}
          {notice}
          <Outlet />
        </main>
      </div>
    </>
  )
}

function Entry({ to, label, icon: Shape, end }: NavItem) {
  return (
    <li>
      <NavLink to={to} end={end ?? false}>
        <Shape size={18} strokeWidth={1.75} />
        {label}
      </NavLink>
    </li>
  )
}

function Who({ home }: { home: string }) {
  const { t } = useText()
  const { user, tenant } = useSession()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const signOut = async (): Promise<void> => {
    await call('/session', { method: 'DELETE' }).catch(() => undefined)
    await refreshSession()
    await navigate(pathname.startsWith('/portal') ? '/portal/sign-in' : '/client/sign-in')
  }
  if (!user) return null
  return (
    <div className="who">
      <p className="who-name">{tenant?.name ?? user.email}</p>
      <p className="who-mail">
        <Link to={`${home}/security`}>{user.email}</Link>
      </p>
      <button type="button" className="sign-out" onClick={signOut}>
        <LogOut size={16} /> {t('nav.sign_out')}
      </button>
    </div>
  )
}
