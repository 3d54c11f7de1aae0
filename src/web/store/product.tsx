import { periodName } from '../messages/periods.ts'
import { useText } from '../messages/use-text.ts'
import { periodChoices, periodKey, shownPeriod } from './choose-period.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import { Plan } from './plan.tsx'
import type { ProductProps } from './props.ts'
import { productData } from './structured-data.ts'

/** A product's page: its plans side by side, for the period the visitor chooses. */
export function renderProduct(props: ProductProps): string {
  const name = props.store?.name ?? props.brand.serviceName
  const { product } = props
  return renderPage(
    props,
    ({ t }) => ({
      title: t('store.product.title', { product: product.name, store: name }),
      description: t('store.product.description', { product: product.name, store: name, summary: product.summary }),
      canonicalUrl: props.canonicalUrl,
      data: productData(props),
    }),
    () => (
      <StoreFrame page={props}>
        <Product props={props} store={name} />
      </StoreFrame>
    ),
  )
}

function Product({ props, store }: { props: ProductProps; store: string }) {
  const { t } = useText()
  const { product, plans, category } = props
  return (
    <>
      <div className="hero">
        <p>
          <a className="back" href={category?.url ?? '/'}>
            <span aria-hidden="true">←</span> {category?.name ?? t('store.back')}
          </a>
        </p>
        {product.logoUrl ? <img className="product-logo" src={product.logoUrl} alt="" width="48" height="48" /> : null}
        <h1>{product.name}</h1>
        {product.summary ? <p className="lead">{product.summary}</p> : null}
      </div>
      {plans.length === 0 ? (
        <div className="empty">
          <h2>{t('store.no_plans.title')}</h2>
          <p>{t('store.no_plans.text', { store })}</p>
          <a className="button" href="/">
            {t('store.back')}
          </a>
        </div>
      ) : (
        <section aria-labelledby="plans" className="stack stack-5">
          <h2 id="plans" className="visually-hidden">
            {t('store.plans')}
          </h2>
          <PeriodSwitch props={props} />
          <ul className="plans" data-count={plans.length}>
            {plans.map((plan) => (
              <Plan key={plan.id} plan={plan} wanted={props.period} />
            ))}
          </ul>
        </section>
      )}
      {product.screenshots.length > 0 ? (
        <section aria-label={t('store.pictures', { product: product.name })}>
          <ul className="shots">
            {product.screenshots.map(({ url, alt }, index) => (
              <li key={url}>
                <img
                  src={url}
                  alt={alt || t('store.picture', { product: product.name, n: index + 1 })}
                  loading="lazy"
                />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <div className="product-more">
        {product.description ? (
          <section className="reading stack">
            {product.description.split(/\n{2,}/).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
        ) : null}
        <section className="good-to-know" aria-labelledby="good-to-know">
          <h2 id="good-to-know" className="eyebrow">
            {t('store.promises')}
          </h2>
          <ul>
            <li>{t('store.promise.price')}</li>
            <li>{t('store.promise.click')}</li>
            <li>{t('store.promise.seller', { store })}</li>
          </ul>
        </section>
      </div>
    </>
  )
}

/** Links, so it works without script, can be sent, and the back key undoes it. Absent where there is no choice. */
function PeriodSwitch({ props: { plans, path, period } }: { props: ProductProps }) {
  const text = useText()
  const choices = periodChoices(plans)
  if (choices.length < 2) return null
  const known = choices.some((choice) => periodKey(choice) === period)
  const first = plans[0] ? shownPeriod(plans[0], null) : undefined
  const current = known ? period : first ? periodKey(first.duration) : null
  return (
    <nav className="segments" aria-label={text.t('store.period_switch')}>
      {choices.map((choice) => {
        const key = periodKey(choice)
        return (
          <a key={key} href={`${path}?period=${key}#plans`} aria-current={key === current ? 'true' : undefined}>
            {periodName(text, choice)}
          </a>
        )
      })}
    </nav>
  )
}
