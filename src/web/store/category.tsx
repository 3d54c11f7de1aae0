import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import { ProductList } from './product-list.tsx'
import type { CategoryProps } from './props.ts'

/** A category's page: its products, from which price. */
export function renderCategory(props: CategoryProps): string {
  const name = props.store?.name ?? props.brand.serviceName
  const { category, canonicalUrl } = props
  return renderPage(
    props,
    ({ t }) => ({
      title: t('store.category.title', { category: category.name, store: name }),
      description: category.description || t('store.category.description', { category: category.name, store: name }),
      canonicalUrl,
    }),
    () => (
      <StoreFrame page={props}>
        <Category props={props} />
      </StoreFrame>
    ),
  )
}

function Category({ props: { category, products } }: { props: CategoryProps }) {
  const { t } = useText()
  return (
    <>
      <div className="hero">
        <p>
          <a className="back" href="/">
            <span aria-hidden="true">←</span> {t('store.back')}
          </a>
        </p>
        <h1>{category.name}</h1>
        {category.description ? <p className="lead">{category.description}</p> : null}
      </div>
      {products.length > 0 ? (
        <ProductList products={products} />
      ) : (
        <div className="empty">
          <h2>{t('store.category.empty')}</h2>
          <a className="button" href="/">
            {t('store.back')}
          </a>
        </div>
      )}
    </>
  )
}
