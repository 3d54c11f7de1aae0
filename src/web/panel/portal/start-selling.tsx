import { useEffect, useState } from 'react'
import { Badge } from '../../design/badge.tsx'
import { CircleCheck } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { can, useSession } from '../session.ts'
import type { SoldPlan } from '../types.ts'

interface Begun {
  readonly store: boolean
  readonly plan: boolean
}

const SELLS: Begun = { store: true, plan: true }

/** What stands when nothing waits: the way to the first sale until there is a store with a plan, then a word of it. */
export function StartSelling() {
  const { t } = useText()
  const session = useSession()
  const maySetUp = can(session, 'stores:write') && can(session, 'plans:write')
  // The operator may sell nothing themselves.
  const sellerId = maySetUp && session.tenant?.kind === 'partner' ? session.tenant.id : null
  const [begun, setBegun] = useState<Begun | null>(sellerId === null ? SELLS : null)
  useEffect(() => {
    if (sellerId === null) return
    const gone = new AbortController()
    const { signal } = gone
    Promise.all([
      call<{ items: readonly unknown[] }>(`/stores?seller_id=${sellerId}`, { signal }),
      call<{ items: readonly SoldPlan[] }>('/plans', { signal }),
    ]).then(
      ([stores, plans]) =>
        setBegun({ store: stores.items.length > 0, plan: plans.items.some(({ periods }) => periods.length > 0) }),
      () => undefined,
    )
    return () => gone.abort()
  }, [sellerId])
  if (begun === null) return null
  if (begun.store && begun.plan) return <Quiet />
  const steps = [
    { key: 'store', to: '/portal/stores/new', isDone: begun.store },
    { key: 'plan', to: '/portal/products', isDone: begun.plan },
    { key: 'link', to: '/portal/links', isDone: false },
  ] as const
  const next = steps.find(({ isDone }) => !isDone)
  return (
    <section className="stack stack-2" aria-labelledby="start">
      <h2 id="start">{t('start.title')}</h2>
      <ol className="tasks card">
        {steps.map(({ key, to, isDone }, index) => (
          <li key={key} className="task">
            <div>
              <p>
                <strong>
                  {index + 1}. {t(`start.${key}`)}
                </strong>
              </p>
              <p className="quiet small">{t(`start.${key}_text`)}</p>
            </div>
            {isDone ? (
              <Badge tone="ok">{t('start.done')}</Badge>
            ) : (
              <Link className={key === next?.key ? 'button button-primary' : 'button'} to={to}>
                {t(`start.${key}_go`)}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Quiet() {
  const { t } = useText()
  return (
    <div className="empty">
      <CircleCheck size={28} strokeWidth={1.5} />
      <h2>{t('portal.quiet_title')}</h2>
      <p>{t('portal.quiet')}</p>
      {can(useSession(), 'plans:read') ? (
        <Link className="button" to="/portal/links">
          {t('portal.quiet_links')}
        </Link>
      ) : null}
    </div>
  )
}
