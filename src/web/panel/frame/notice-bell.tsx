import { useEffect, useState } from 'react'
import { Bell } from '../../design/icons.tsx'
import { NavLink } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'

/** How often a page that is in view asks again. */
const LOOK_MS = 60_000
const FIRST_LOOK_MS = 1500
const READ = 'buylink:notices-read'

/** Says that notices were read just now, so that the count follows. */
export const noticesRead = (): boolean => window.dispatchEvent(new Event(READ))

/** The way to the notices, with how many are unread. */
export function NoticeBell({ to }: { to: string }) {
  const { t } = useText()
  const [unread, setUnread] = useState(0)
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== 'visible') return
      call<{ unread: number }>('/notices?limit=1')
        .then((answer) => setUnread(answer.unread))
        // A count that cannot be had now is no reason to disturb anyone.
        .catch(() => undefined)
    }
    // After what the page itself needs.
    const first = setTimeout(look, FIRST_LOOK_MS)
    const timer = setInterval(look, LOOK_MS)
    window.addEventListener(READ, look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
      window.removeEventListener(READ, look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return (
    <NavLink to={to}>
      <Bell size={18} strokeWidth={1.75} />
      {t('nav.notices')}
      {unread > 0 ? (
        <span className="count">
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="visually-hidden">{t('nav.notices_unread', { n: unread })}</span>
        </span>
      ) : null}
    </NavLink>
  )
}
