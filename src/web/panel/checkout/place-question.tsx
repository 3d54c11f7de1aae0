import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Checkout } from '../types.ts'

export type Question =
  | { readonly kind: 'price'; readonly oldTotal: WireMoney }
  | { readonly kind: 'second'; readonly message: string }
  | { readonly kind: 'trial'; readonly message: string }

/** What the server wants to know before it places the order: nothing has been ordered yet. */
export function PlaceQuestion({
  question,
  checkout,
  pending,
  onAgain,
}: {
  question: Question
  checkout: Checkout
  pending: boolean
  onAgain: () => void
}) {
  const { t } = useText()
  if (question.kind === 'price')
    return (
      <Notice tone="warn" live title={t('question.price_title')}>
        <p>
          {t('question.price_old')} <s className="quiet">{<Money value={question.oldTotal} />}</s> ·{' '}
          {t('question.price_new')}{' '}
          <strong>
            <Money value={checkout.total} code />
          </strong>
        </p>
        <p>{t('question.price_text')}</p>
        <div>
          <Button look="primary" pending={pending} onClick={onAgain}>
            {t('question.price_accept')} <Money value={checkout.total} code />
          </Button>
        </div>
      </Notice>
    )
  if (question.kind === 'second')
    return (
      <Notice tone="warn" live title={t('question.second_title', { plan: checkout.plan.name })}>
        <p>{t('question.second_text')}</p>
        <div className="cluster">
          <Button pending={pending} onClick={onAgain}>
            {t('question.second_accept')}
          </Button>
          <Link className="button" to="/client/subscriptions">
            {t('question.second_keep')}
          </Link>
        </div>
      </Notice>
    )
  return (
    <Notice tone="warn" live title={t('question.trial_title', { product: checkout.product.name })}>
      <p>{t('question.trial_text')}</p>
      <div className="cluster">
        {checkout.periods.some((period) => !period.trial) ? (
          <Link className="button button-primary" to="../configure" relative="path">
            {t('question.trial_paid')}
          </Link>
        ) : null}
        <a className="button" href={`/product/${checkout.product.slug}`}>
          {t('link.to_product', { product: checkout.product.name })}
        </a>
      </div>
    </Notice>
  )
}
