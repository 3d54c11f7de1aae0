import { ButtonLink } from '../../design/button.tsx'
import { Lines } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { payFirst as texts } from '../../messages/en/pay-first.ts'
import { useText } from '../../messages/use-text.ts'
import { addMessages } from '../texts.ts'
import type { Payment } from '../types.ts'

// Loaded where an account is on credit hold: it brings its own texts.
addMessages('en', texts)

/** Of the two payments of an order on credit hold: which comes first, or that this is it. */
export function HoldNotice({ payment }: { payment: Payment }) {
  const { t } = useText()
  const first = payment.after
  if (!first)
    return (
      <Notice tone="info">
        <p>{t('pay_first.leaves_hold')}</p>
      </Notice>
    )
  return (
    <Notice tone="warn" title={t('pay_first.title')}>
      <p>{t('pay_first.text')}</p>
      <Lines
        items={[
          {
            key: 'first',
            label: t('pay_first.first', { number: first.number }),
            value: <Money value={first.total} code />,
          },
          { key: 'then', label: t('pay_first.then'), value: <Money value={payment.outstanding} code /> },
        ]}
      />
      <p>
        <ButtonLink look="primary" to={`/client/payments/${first.id}`}>
          {t('pay_first.pay', { number: first.number })}
        </ButtonLink>
      </p>
    </Notice>
  )
}
