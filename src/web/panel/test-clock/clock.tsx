import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call, query } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { utcText } from './utc-text.ts'
import { Page } from '../page.tsx'
import { can, loadSession, setSession, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { Happenings } from './happenings.tsx'
import { MakeSandbox } from './make-sandbox.tsx'
import { MoveClock } from './move-clock.tsx'
import type { Happening, TestClock } from './types.ts'

const NOTHING: ListPage<Happening> = { items: [], nextCursor: null }

export async function loader({ params, request }: LoaderFunctionArgs) {
  const session = await loadSession()
  const sellerId = params['sellerId'] ?? session.testClock?.sellerId
  if (!sellerId) return { sellerId: null, clock: null, happened: NOTHING, isBelow: false }
  const path = `/resellers/${sellerId}/test-clock`
  const { searchParams } = new URL(request.url)
  const clock = await call<TestClock>(path).catch((error: unknown) => {
    // A reseller that is none, or out of sight, cannot be told from one with the usual clock; making it a sandbox will.
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  })
  const known = session.testClock
  // What stands above the page, and what is said to be ago or ahead, follows the clock.
  if (clock && known?.sellerId === sellerId && (known.now !== clock.now || known.isMoving !== clock.isMoving))
    setSession({ ...session, testClock: { sellerId, now: clock.now, isMoving: clock.isMoving } })
  const asked = query({ kind: searchParams.get('status'), cursor: searchParams.get('cursor') })
  const happened =
    clock && can(session, 'audit:read') ? await call<ListPage<Happening>>(`${path}/happenings${asked}`) : NOTHING
  return { sellerId, clock, happened, isBelow: params['sellerId'] !== undefined }
}

/** The time of a sandbox reseller: where it stands, moving it on, and what came of it. */
export function Component() {
  const text = useText()
  const { t } = text
  const session = useSession()
  const { sellerId, clock, happened, isBelow } = useLoaderData<typeof loader>()
  usePolling(clock?.isMoving === true, 1000)
  const back = isBelow ? <BackLink to="/portal/tenants">{t('nav.tenants')}</BackLink> : undefined
  if (!clock)
    return (
      <Page title={t('nav.test_clock')} aboveTitle={back}>
        <section className="card stack reading">
          <h2>{t('clock.none_title')}</h2>
          <p>{t('clock.none')}</p>
          {sellerId && can(session, 'tenants:write') ? <MakeSandbox sellerId={sellerId} /> : null}
        </section>
      </Page>
    )
  return (
    <Page title={t('nav.test_clock')} eyebrow={clock.reseller.name} lead={t('clock.lead')} aboveTitle={back}>
      <div className="two-columns">
        <section className="card stack" aria-labelledby="stands">
          <h2 id="stands">{t('clock.stands')}</h2>
          <p className="figure-big">
            <time dateTime={clock.now}>{t('clock.utc', { time: utcText(text, clock.now) })}</time>
          </p>
          {clock.isMoving ? <Progress clock={clock} /> : null}
          {!clock.isMoving && clock.from ? (
            <Notice tone="ok" live>
              <p>{t('clock.arrived')}</p>
            </Notice>
          ) : null}
        </section>
        {can(session, 'tenants:write') && !clock.isMoving ? <MoveClock key={clock.now} clock={clock} /> : null}
      </div>
      {can(session, 'audit:read') ? <Happenings clock={clock} page={happened} /> : null}
    </Page>
  )
}

function Progress({ clock: { from, now, target } }: { clock: TestClock }) {
  const text = useText()
  const { t } = text
  const [begun, at, end] = [from ?? now, now, target].map(Date.parse) as [number, number, number]
  return (
    <div className="stack stack-2" role="status">
      <p>
        <strong>{t('clock.moving', { time: utcText(text, target) })}</strong>
      </p>
      <progress className="meter" aria-label={t('clock.progress')} max={Math.max(1, end - begun)} value={at - begun} />
      <p className="small muted">{t('clock.leave')}</p>
    </div>
  )
}
