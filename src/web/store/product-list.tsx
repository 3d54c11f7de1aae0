import { periodSpan } from '../messages/periods.ts'
import { useText } from '../messages/use-text.ts'
import type { ProductCard } from './props.ts'

/** Products as cards, each a link to its page. */
export function ProductList({ products }: { products: readonly ProductCard[] }) {
  return (
    <ul className="product-list">
      {products.map((product) => (
        <Product key={product.url} product={product} />
      ))}
    </ul>
  )
}

function Product({ product }: { product: ProductCard }) {
  const text = useText()
  const { t } = text
  return (
    <li className="card product-card">
      {product.logoUrl ? <img className="product-logo" src={product.logoUrl} alt="" width="40" height="40" /> : null}
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
