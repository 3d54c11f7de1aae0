import { Badge } from '../design/badge.tsx'
import { When } from '../design/values.tsx'
import { dunning as texts } from '../messages/en/dunning.ts'
import { useText } from '../messages/use-text.ts'
import { addMessages } from './texts.ts'

addMessages('en', texts)

type Outcome =
  | 'started'
  | 'paid'
  | 'paid_from_balance'
  | 'needs_payer'
  | 'declined'
  | 'cancelled'
  | 'reminded'
  | 'skipped'

/** What is asked for by a schedule. */
export interface Dunning {
  readonly id: string
  readonly status: 'running' | 'paid' | 'cancelled' | 'exhausted'
  readonly invoice: { readonly id: string; readonly number: string } | null
  readonly dueAt: string
  readonly steps: readonly {
    readonly day: number
    readonly action: 'charge' | 'remind'
    readonly at: string
    readonly outcome: Outcome | null
    readonly message: string
  }[]
}

const TONES = { running: 'info', paid: 'ok', cancelled: 'info', exhausted: 'bad' } as const

/** What was tried to get what is due, and what comes next. */
export function Dunnings({ dunnings }: { dunnings: readonly Dunning[] }) {
  const { t } = useText()
  return dunnings.map(({ id, status, invoice, dueAt, steps }) => (
    <section className="card stack" key={id} aria-labelledby={`dunning-${id}`}>
      <h2 id={`dunning-${id}`}>{t('dunning.title')}</h2>
      <p className="cluster">
        <Badge tone={TONES[status]}>{t(`dunning.status.${status}`)}</Badge>
        <span className="muted">
          {t('dunning.due')} <When at={dueAt} plain />
          {invoice ? ` ${t('dunning.of_invoice', { number: invoice.number })}` : ''}
        </span>
      </p>
      <ol className="lines">
        {steps.map(({ day, action, at, outcome, message }) => (
          <li className="line" key={day}>
            <span className="line-label">
              {outcome ? t(`dunning.did.${outcome}`) : t(`dunning.will.${action}`)}
              {message ? <span className="small quiet"> {message}</span> : null}
            </span>
            <span className="line-value">
              <When at={at} plain />
            </span>
          </li>
        ))}
      </ol>
    </section>
  ))
}
