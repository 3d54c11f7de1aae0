import { Badge } from '../design/badge.tsx'
import { When } from '../design/values.tsx'
import { dunning as texts } from '../messages/en/dunning.ts'
import { useText } from '../messages/use-text.ts'
import { type Dunning, type DunningStep, linesOf } from './dunning-lines.ts'
import { addMessages } from './texts.ts'

addMessages('en', texts)

const TONES = { running: 'info', paid: 'ok', cancelled: 'info', exhausted: 'bad' } as const

/** What was tried to get what is due, and what comes next: to staff, or, as it concerns them, to those who pay. */
export function Dunnings({ dunnings, toPayer = false }: { dunnings: readonly Dunning[]; toPayer?: boolean }) {
  const { t } = useText()
  return dunnings.map((dunning) => {
    const { id, status, invoice, dueAt } = dunning
    return (
      <section className="card stack" key={id} aria-labelledby={`dunning-${id}`}>
        <h2 id={`dunning-${id}`}>{t(toPayer && status === 'running' ? 'dunning.pay.title' : 'dunning.title')}</h2>
        <p className="cluster">
          <Badge tone={TONES[status]}>
            {t(toPayer && status === 'running' ? 'dunning.pay.running' : `dunning.status.${status}`)}
          </Badge>
          <span className="muted">
            {t('dunning.due')} <When at={dueAt} plain />
            {invoice ? ` ${t('dunning.of_invoice', { number: invoice.number })}` : ''}
          </span>
        </p>
        {toPayer ? <Deadline dunning={dunning} /> : null}
        <ol className="lines">
          {linesOf(dunning).map((step, index) => (
            <li className="line" key={step.at + step.action}>
              <span className="line-label">
                <Words dunning={dunning} step={step} index={index} toPayer={toPayer} />
                {step.message ? <span className="small quiet"> {step.message}</span> : null}
              </span>
              <span className="line-value nowrap">
                <When at={step.at} plain />
              </span>
            </li>
          ))}
        </ol>
      </section>
    )
  })
}

function Deadline({ dunning: { stopsAt, subscription } }: { dunning: Dunning }) {
  const text = useText()
  const { t } = text
  if (!stopsAt) return null
  const name = subscription?.name ?? t('dunning.pay.your_service')
  return <p>{t('dunning.pay.until_then', { date: text.date(stopsAt), name })}</p>
}

function Words({
  dunning,
  step,
  index,
  toPayer,
}: {
  dunning: Dunning
  step: DunningStep
  index: number
  toPayer: boolean
}) {
  const { t } = useText()
  const { action, outcome } = step
  if (!toPayer) return outcome ? t(`dunning.did.${outcome}`) : t(`dunning.will.${action}`)
  const { card, subscription } = dunning
  const name = subscription?.name ?? t('dunning.pay.your_service')
  if (outcome === 'skipped' || outcome === 'nothing_to_stop') return t(`dunning.did.${outcome}`)
  if (outcome) return t(`dunning.pay.did.${outcome}`, { name })
  if (action === 'stop' || action === 'terms') return t('dunning.pay.stop', { name })
  if (action === 'remind' || !card) return t('dunning.pay.remind')
  const brand = card.brand.slice(0, 1).toUpperCase() + card.brand.slice(1)
  const words = { card: t('dunning.pay.card', { brand, last4: card.last4 }) }
  const isAgain = dunning.steps
    .slice(0, index)
    .some(({ outcome: said }) => said === 'declined' || said === 'needs_payer')
  return t(isAgain ? 'dunning.pay.charge_again' : 'dunning.pay.charge_first', words)
}
