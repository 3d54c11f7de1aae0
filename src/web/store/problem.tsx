import type { MessageKey } from '../messages/catalogue.ts'
import { links } from '../messages/en/links.ts'
import { type PageText, useText } from '../messages/use-text.ts'
import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { LinkProblem, LinkProblemProps } from './props.ts'

/** A buy-link that cannot be ordered: what is wrong in plain words, and where to go on. */
export function renderLinkProblem(props: LinkProblemProps): string {
  return renderPage(
    props,
    ({ t }) => ({ title: `${t('link.title_one')}: ${props.brand.serviceName}`, indexed: false }),
    () => (
      <StoreFrame page={props}>
        <Problem props={props} />
      </StoreFrame>
    ),
  )
}

/** The plain words for a problem; the server's own sentence where a code is new to us. */
export function problemText({ t }: PageText, problem: LinkProblem): string {
  const key = `link.${problem.code}`
  return key in links ? t(key as MessageKey) : problem.message
}

function Problem({ props: { problems, product, successor } }: { props: LinkProblemProps }) {
  const text = useText()
  const { t } = text
  return (
    <div className="message-page">
      <h1>{t('link.title_one')}</h1>
      <p className="lead">{t('link.lead')}</p>
      <ul className="problem-list">
        {problems.map((problem) => (
          <li key={`${problem.part}${problem.code}`}>{problemText(text, problem)}</li>
        ))}
      </ul>
      {successor ? <p>{t('link.successor', { plan: successor.name })}</p> : null}
      <div className="cluster">
        {successor ? (
          <a className="button button-primary" href={successor.url}>
            {t('link.to_successor', { plan: successor.name })}
          </a>
        ) : null}
        {product ? (
          <a className={successor ? 'button' : 'button button-primary'} href={product.url}>
            {t('link.to_product', { product: product.name })}
          </a>
        ) : null}
        <a className={product ? 'button' : 'button button-primary'} href="/">
          {t('link.to_home')}
        </a>
      </div>
      <div className="stack stack-2 aside-note">
        <p className="small muted">{t('link.tell')}</p>
        <details className="more">
          <summary>{t('link.more_details')}</summary>
          <dl className="facts small">
            {problems.map((problem) => (
              <div className="fact" key={`${problem.part}${problem.code}`}>
                <dt>
                  <code>{problem.part || t('link.part')}</code>
                </dt>
                <dd>
                  {problem.message} <code className="quiet">{problem.code}</code>
                  {problem.suggestion ? <p>{problem.suggestion}</p> : null}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </div>
  )
}
