import { type FormEvent, useCallback, useState } from 'react'
import { useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'

type Action = 'charge' | 'remind' | 'stop'

interface Schedule {
  readonly steps: readonly { readonly day: number; readonly action: Action }[]
  readonly version: number | string | null
}

export const loader = () => call<Schedule>('/dunning-settings')

/** How a reseller asks for what is due: which day, by card or by mail, and when the service stops. */
export function Component() {
  const { t } = useText()
  const schedule = useLoaderData<typeof loader>()
  const [saved, setSaved] = useState(false)
  return (
    <Page
      title={t('dunning.settings')}
      lead={t('dunning.set.lead')}
      aboveTitle={<BackLink to="/portal/invoices">{t('nav.invoices')}</BackLink>}
    >
      {saved ? (
        <Notice tone="ok" live>
          <p>{t('dunning.set.saved')}</p>
        </Notice>
      ) : null}
      <section className="card stack">
        <ScheduleForm key={String(schedule.version)} schedule={schedule} onSaved={setSaved} />
        <p className="small muted">{t('dunning.set.mails')}</p>
      </section>
    </Page>
  )
}

const ACTIONS: readonly Action[] = ['charge', 'remind', 'stop']

interface Row {
  readonly key: number
  readonly day: string
  readonly action: Action
}

function ScheduleForm({ schedule, onSaved }: { schedule: Schedule; onSaved: (saved: boolean) => void }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [rows, setRows] = useState<readonly Row[]>(() =>
    schedule.steps.map(({ day, action }, key) => ({ key, day: String(day), action })),
  )
  const save = useOperation(
    useCallback(
      async (_key: string, steps: Schedule['steps']) => {
        onSaved(false)
        const ifMatch = schedule.version
        await call('/dunning-settings', { method: 'PUT', body: { steps }, ...(ifMatch !== null && { ifMatch }) })
        onSaved(true)
        await revalidate()
      },
      [schedule.version, onSaved, revalidate],
    ),
  )
  const change = (key: number, part: Partial<Row>): void =>
    setRows((now) => now.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const add = (): void =>
    setRows((now) => {
      const last = now.at(-1)
      const day = last ? String(Number(last.day) + 7) : '0'
      return [...now, { key: Math.max(-1, ...now.map(({ key }) => key)) + 1, day, action: 'remind' }]
    })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save.run(rows.map(({ day, action }) => ({ day: Number(day), action })))
  }
  return (
    <>
      <ErrorSummary error={save.error} failures={save.failures} />
      <form className="form form-wide" onSubmit={submit} noValidate>
        {rows.length === 0 ? <p className="muted">{t('dunning.set.none')}</p> : null}
        {rows.map((row, index) => {
          const number = String(index + 1)
          return (
            <fieldset className="stack" key={row.key}>
              <legend>{t('dunning.set.step', { number })}</legend>
              <div className="field-row">
                <TextField
                  label={t('dunning.set.day')}
                  name={index === 0 ? 'steps' : `steps.${index}.day`}
                  inputMode="numeric"
                  autoComplete="off"
                  value={row.day}
                  onChange={(event) => change(row.key, { day: event.target.value })}
                  error={
                    fieldError(save.error, `steps.${index}.day`) ??
                    (index === 0 ? fieldError(save.error, 'steps') : undefined)
                  }
                />
                <SelectField
                  label={t('dunning.set.action')}
                  name={`steps.${index}.action`}
                  value={row.action}
                  onChange={(event) =>
                    change(row.key, { action: ACTIONS.find((each) => each === event.target.value) ?? 'remind' })
                  }
                  options={ACTIONS.map((value) => ({ value, label: t(`dunning.set.${value}`) }))}
                />
              </div>
              <div>
                <Button look="quiet" onClick={() => setRows((now) => now.filter(({ key }) => key !== row.key))}>
                  {t('dunning.set.remove', { number })}
                </Button>
              </div>
            </fieldset>
          )
        })}
        <div className="cluster">
          <Button type="submit" look="primary" pending={save.pending}>
            {t('dunning.set.save')}
          </Button>
          <Button onClick={add}>{t('dunning.set.add')}</Button>
        </div>
      </form>
    </>
  )
}
