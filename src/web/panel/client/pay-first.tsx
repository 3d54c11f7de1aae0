import { ButtonLink } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Payment } from '../types.ts'
import { TransferInstructions } from './transfer-instructions.tsx'

/** How to pay by bank transfer; on credit hold first what takes the account off it, since money covers what is owed before. */
export function Transfer({ payment }: { payment: Payment }) {
  const { t } = useText()
  const first = payment.after
  if (first)
    return (
      <Notice tone="warn" title={t('pay_first.title')}>
        <p>
          {t('pay_first.text', { number: first.number })} <Money value={first.total} code />
        </p>
        <p>
          {t('pay_first.then')} <Money value={payment.outstanding} code />
        </p>
        <p>
          <ButtonLink look="primary" to={`/client/payments/${first.id}`}>
            {t('pay_first.pay', { number: first.number })}
          </ButtonLink>
        </p>
      </Notice>
    )
  return (
    <>
      {payment.leavesHold ? (
        <Notice tone="info">
          <p>{t('pay_first.leaves_hold')}</p>
        </Notice>
      ) : null}
      <TransferInstructions payment={payment} />
    </>
  )
}
