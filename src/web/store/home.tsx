import { periodSpan } from '../messages/periods.ts'
import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { HomeProps, ProductCard } from './props.ts'

/** The store's front page: what is sold, from which price. */
export function renderHome(props: HomeProps): string {
  const name = props.store?.name ?? props.brand.serviceName
  return renderPage(
    props,
    ({ t }) => ({
      title: t('store.home.title', { store: name }),
      description: t('store.home.description', { store: name }),
      ...(props.store ? { canonicalUrl: `${props.store.origin}/` } : {}),
    }),
    () => (
      <StoreFrame page={props}>
        <Home name={name} products={props.products} />
      </StoreFrame>
    ),
  )
}

function Home({ name, products }: { name: string; products: readonly ProductCard[] }) {
  const { t } = useText()
  return (
    <>
      <div className="hero">
        <p className="eyebrow">{name}</p>
        <h1>{t('store.home.heading')}</h1>
        <p className="lead">{t('store.home.lead')}</p>
      </div>
      {products.length === 0 ? (
        <div className="empty">
          <h2>{t('store.home.empty.title')}</h2>
          <p>{t('store.home.empty.text', { store: name })}</p>
          <a className="button" href="/client">
            {t('store.account')}
          </a>
        </div>
      ) : (
        <ul className="product-list">
          {products.map((product) => (
            <Product key={product.url} product={product} />
          ))}
        </ul>
      )}
    </>
  )
}

function Product({ product }: { product: ProductCard }) {
  const text = useText()
  const { t } = text
  return (
    <li className="card product-card">
      <div className="stack stack-2">
        <h2>
          <a href={product.url} className="stretched">
            {product.name}
          </a>
        </h2>
        <p className="muted">{product.summary}</p>
      </div>
      <div className="product-card-foot">
        <p className="product-price">
          {product.fromMonthly
            ? t('store.from', {
                price: t('price.a_month', { amount: text.money(product.fromMonthly, { code: true }) }),
              })
            : t('price.use_based')}
        </p>
        {product.trial ? (
          <p className="quiet small">{t('store.try_first', { span: periodSpan(text, product.trial) })}</p>
        ) : null}
      </div>
      <span className="product-go" aria-hidden="true">
        {t('store.see_plans')} <span>→</span>
      </span>
    </li>
  )
}
