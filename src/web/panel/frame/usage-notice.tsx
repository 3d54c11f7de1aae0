import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'

interface Header {
  readonly state: 'fine' | 'almost_reached' | 'reached' | 'exceeded'
  readonly title: string | null
  readonly action:
    | { readonly kind: 'none' }
    | { readonly kind: 'buy_now'; readonly text: string; readonly url: string }
    | { readonly kind: 'contact'; readonly text: string; readonly name: string }
}

const STREAM_AFTER_MS = 1500
const POLL_MS = 20_000

/** Usage in the menu header: what ran out, and the one thing to do about it; for buyers alone. Follows every change at once. */
export function UsageNotice() {
  const { t } = useText()
  const { pathname } = useLocation()
  const [header, setHeader] = useState<Header | null>(null)
  useEffect(() => {
    const page = location.origin + pathname
    const read = () =>
      call<{ readonly header: Header }>(`/alerts${query({ redirect_url: page })}`).then(
        (answer) => setHeader(answer.header),
        () => undefined,
      )
    void read()
    // Its first word is what was read just now, so it begins after what the page itself needs. The browser reconnects by
    // itself; the timer is for networks that let no stream through.
    let stream: EventSource | undefined
    const begin = setTimeout(() => {
      stream = new EventSource('/api/v1/alerts/stream')
      stream.addEventListener('alerts', () => void read())
    }, STREAM_AFTER_MS)
    const timer = setInterval(() => void read(), POLL_MS)
    return () => {
      clearTimeout(begin)
      stream?.close()
      clearInterval(timer)
    }
  }, [pathname])
  // Where the click leads, the page itself says all of it, and what there is to buy, if anything.
  const isThere = pathname === '/client/upgrade'
  return (
    <div role="status" className="usage-notice-place">
      {isThere || header === null || header.title === null || header.action.kind === 'none' ? null : (
        <p className={`usage-notice tone-${header.state === 'almost_reached' ? 'warn' : 'bad'} cluster spread`}>
          <span>{header.title}</span>
          {header.action.kind === 'buy_now' ? (
            <a className="button button-small" href={header.action.url}>
              {header.action.text}
            </a>
          ) : (
            <span className="small">{t('usage.notice_contact', { name: header.action.name })}</span>
          )}
        </p>
      )}
    </div>
  )
}
