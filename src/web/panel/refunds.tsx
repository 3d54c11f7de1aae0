import type { WireMoney } from '../../kernel/money.ts'
import { Money } from '../design/values.tsx'
import { refunds as texts } from '../messages/en/refunds.ts'
import { useText } from '../messages/use-text.ts'
import { addMessages } from './texts.ts'

// Loaded where something was given back: it brings its own texts.
addMessages('en', texts)

export interface Refund {
  readonly id: string
  readonly number: string
  readonly status: 'waiting' | 'sending' | 'completed' | 'to_balance' | 'cancelled'
  readonly method: 'balance' | 'card' | 'bank_transfer'
  readonly effect: 'none' | 'take_back' | 'stop'
  readonly amount: WireMoney
  readonly reason: string
  readonly message: string
}

/** What was given back of a payment, and what could be. */
export interface Refunds {
  readonly items: readonly Refund[]
  readonly refundable: WireMoney
  readonly methods: readonly Refund['method'][]
}

/** What was given back of a payment, each with its way and where it stands. */
export function RefundList({ refunds }: { refunds: readonly Refund[] }) {
  const { t } = useText()
  if (refunds.length === 0) return null
  return (
    <section className="card stack">
      <h2>{t('refund.list')}</h2>
      <ul className="lines">
        {refunds.map(({ id, number, status, method, amount, reason, message }) => (
          <li className="line" key={id}>
            <span className="line-label">
              {number}, {t(`refund.method_${method}`)}
              <br />
              <span className="small quiet">
                {[t(`refund.status_${status}`), reason, message].filter((each) => each !== '').join(' · ')}
              </span>
            </span>
            <span className="line-value">
              <Money value={amount} code />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
