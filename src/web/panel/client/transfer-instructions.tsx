import { CopyButton } from '../../design/copy.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { isZero } from '../money.ts'
import type { Payment } from '../types.ts'

/** How to pay by bank transfer: amount, reference, account, each ready to copy; and that we are watching. */
export function TransferInstructions({ payment }: { payment: Payment }) {
  const text = useText()
  const { t } = text
  const reference = payment.instructions?.reference ?? payment.number
  const details = payment.instructions?.bankDetails ?? ''
  return (
    <section className="card stack" aria-labelledby="transfer">
      <h2 id="transfer">{t('transfer.title')}</h2>
      {isZero(payment.received) ? null : (
        <Notice tone="info">
          <p>
            {t('transfer.partly')} <Money value={payment.received} code />
          </p>
        </Notice>
      )}
      <dl className="transfer">
        <div>
          <dt>{t('transfer.amount')}</dt>
          <dd>
            <span className="figure-big">
              <Money value={payment.outstanding} code />
            </span>
            <CopyButton value={payment.outstanding.amount} name={t('transfer.amount')} />
          </dd>
        </div>
        <div>
          <dt>{t('transfer.reference')}</dt>
          <dd>
            <span className="mono transfer-reference">{reference}</span>
            <CopyButton value={reference} name={t('transfer.reference')} />
          </dd>
        </div>
        {details ? (
          <div>
            <dt>{t('transfer.bank')}</dt>
            <dd>
              <span className="bank-details">{details}</span>
              <CopyButton value={details} name={t('transfer.bank')} />
            </dd>
          </div>
        ) : null}
      </dl>
      <p className="small muted">
        {t('transfer.reference_note')}
        {payment.expiresAt ? (
          <>
            {' '}
            {t('transfer.until')} <When at={payment.expiresAt} plain />.
          </>
        ) : null}
      </p>
      <p className="no-print">
        <a
          className="button button-small"
          href={`/api/v1/payments/${payment.id}/pro-forma`}
          target="_blank"
          rel="noopener"
        >
          {t('transfer.pro_forma')}
        </a>
      </p>
      <p className="watching small" role="status">
        <span className="pulse" aria-hidden="true" /> {t('transfer.watching')}
      </p>
    </section>
  )
}
