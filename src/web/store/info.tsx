import { renderPage } from './document.tsx'
import { StoreFrame } from './frame.tsx'
import type { InfoProps } from './props.ts'

/** An information page of the store, written by its reseller in Markdown. */
export function renderInfo(props: InfoProps): string {
  const { title, html, canonicalUrl } = props
  const name = props.store?.name ?? props.brand.serviceName
  return renderPage(
    props,
    () => ({ title: `${title}: ${name}`, canonicalUrl }),
    () => (
      <StoreFrame page={props}>
        <article className="reading stack">
          <h1>{title}</h1>
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made by renderMarkdown, which lets no HTML through */}
          <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />
        </article>
      </StoreFrame>
    ),
  )
}
