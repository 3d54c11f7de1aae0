import type { MessageKey } from '../../messages/catalogue.ts'
import { links } from '../../messages/en/links.ts'
import { useText } from '../../messages/use-text.ts'
import { Page } from '../page.tsx'
import { addMessages } from '../texts.ts'
import type { LinkIssue } from '../types.ts'

addMessages('en', links)

/** A link that cannot be ordered: what is wrong in plain words, and where to go on. */
export function LinkProblems({
  problems,
  product,
}: {
  problems: readonly LinkIssue[]
  product: { readonly name: string; readonly slug?: string } | null
}) {
  const { t } = useText()
  return (
    <Page title={t('link.title_one')} lead={t('link.lead')}>
      <ul className="problem-list">
        {problems.map((problem) => {
          const key = `link.${problem.code}`
          return (
            <li key={`${problem.part ?? problem.path}${problem.code}`}>
              {key in links ? t(key as MessageKey) : problem.message}
            </li>
          )
        })}
      </ul>
      <div className="cluster">
        {product?.slug ? (
          <a className="button button-primary" href={`/product/${product.slug}`}>
            {t('link.to_product', { product: product.name })}
          </a>
        ) : null}
        <a className={product?.slug ? 'button' : 'button button-primary'} href="/">
          {t('link.to_home')}
        </a>
      </div>
      <div className="stack stack-2">
        <p className="small muted">{t('link.tell')}</p>
        <details className="more">
          <summary>{t('link.more_details')}</summary>
          <ul className="stack stack-2 small">
            {problems.map((problem) => (
              <li key={`${problem.part ?? problem.path}${problem.code}`}>
                <code>{problem.part ?? problem.path ?? t('link.part')}</code>: {problem.message}{' '}
                <code className="quiet">{problem.code}</code> {problem.suggestion}
              </li>
            ))}
          </ul>
        </details>
      </div>
    </Page>
  )
}
