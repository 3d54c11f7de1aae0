import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { Table } from '../../design/table.tsx'
import { DAY_MS } from '../../../kernel/time.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { dayText } from '../day.ts'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { EditedPlan } from './types.ts'

interface PriceChange {
  readonly effectiveAt: string
  readonly announcedAt: string
}

/** Of the API, so that everybody has the time to cancel. */
const NOTICE_DAYS = 30
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value)

export async function loader({ params }: LoaderFunctionArgs) {
  const { productId, planId } = params
  const [plan, changes] = await Promise.all([
    call<EditedPlan>(`/plans/${planId}`),
    call<{ items: readonly PriceChange[] }>(`/plans/${planId}/price-changes`),
  ])
  // The first day that leaves everybody the whole notice.
  const earliest = dayOf(new Date(Date.now() + (NOTICE_DAYS + 1) * DAY_MS))
  return { productId, plan, changes: changes.items, earliest }
}

/** What those who have a plan will pay: today's prices, announced for a day. */
export function Component() {
  const text = useText()
  const { t } = text
  const { productId, plan, changes, earliest } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const [day, setDay] = useState(earliest)
  const [tried, setTried] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const [told, setTold] = useState<number | null>(null)
  const planId = plan.id
  const announce = useOperation(
    useCallback(
      async (key: string, effectiveAt: string) => {
        const body = { effectiveAt }
        const answer = await call<{ told: number }>(`/plans/${planId}/price-changes`, {
          method: 'POST',
          body,
          idempotencyKey: key,
        })
        setTold(answer.told)
        setOpen(false)
        await revalidate()
      },
      [planId, revalidate],
    ),
  )
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isDay(day) && day >= earliest) setOpen(true)
  }
  return (
    <Page
      title={t('price_change.title')}
      eyebrow={plan.name}
      lead={t('price_change.lead')}
      aboveTitle={<BackLink to={`/portal/products/${productId}/plans/${plan.id}`}>{plan.name}</BackLink>}
    >
      {told === null ? null : (
        <Notice tone="ok" live>
          <p>{t('price_change.told', { n: told })}</p>
        </Notice>
      )}
      <section className="card stack" aria-labelledby="announce">
        <h2 id="announce">{t('price_change.announce')}</h2>
        <p className="reading">{t('price_change.text', { days: NOTICE_DAYS })}</p>
        <form className="form" onSubmit={ask} noValidate>
          <TextField
            type="date"
            label={t('price_change.from')}
            name="effective_at"
            hint={t('price_change.from_hint')}
            min={earliest}
            value={day}
            onChange={(event) => setDay(event.target.value)}
            error={
              tried && !(isDay(day) && day >= earliest)
                ? t('price_change.from_bad', { day: dayText(text, earliest) })
                : undefined
            }
          />
          <div>
            <Button type="submit" look="primary" onPointerEnter={preloadDialog} onFocus={preloadDialog}>
              {t('price_change.do')}
            </Button>
          </div>
        </form>
      </section>
      <section className="stack" aria-labelledby="announced">
        <h2 id="announced">{t('price_change.announced')}</h2>
        {changes.length === 0 ? (
          <p className="muted">{t('price_change.none')}</p>
        ) : (
          <Table
            caption={t('price_change.announced')}
            rows={changes}
            rowKey={({ effectiveAt }) => effectiveAt}
            columns={[
              {
                key: 'from',
                label: t('price_change.from'),
                cell: ({ effectiveAt }) => dayText(text, effectiveAt.slice(0, 10)),
              },
              {
                key: 'announced',
                label: t('price_change.announced_on'),
                cell: ({ announcedAt }) => dayText(text, announcedAt.slice(0, 10)),
              },
            ]}
          />
        )}
      </section>
      <Dialog title={t('price_change.ask', { name: plan.name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>{t('price_change.ask_text', { day: isDay(day) ? dayText(text, day) : '' })}</p>
        <ErrorSummary error={announce.error} failures={announce.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setOpen(false)}>{t('price_change.not')}</Button>
          <Button look="primary" pending={announce.pending} onClick={() => void announce.run(`${day}T00:00:00Z`)}>
            {t('price_change.do')}
          </Button>
        </div>
      </Dialog>
    </Page>
  )
}
