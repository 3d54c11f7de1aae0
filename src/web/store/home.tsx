import { useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import { ProductList } from './product-list.tsx'
import type { HomeProps } from './props.ts'

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
        <Home name={name} products={props.products} categories={props.categories} />
      </StoreFrame>
    ),
  )
}

function Home({ name, products, categories }: { name: string } & Pick<HomeProps, 'products' | 'categories'>) {
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
        <>
          {categories.length > 0 ? (
            <nav className="segments" aria-label={t('store.categories')}>
              {categories.map((category) => (
                <a key={category.url} href={category.url}>
                  {category.name}
                </a>
              ))}
            </nav>
          ) : null}
          <ProductList products={products} />
        </>
      )}
    </>
  )
}
