import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { ICON } from '../design/icon-data.ts'
import { common } from '../messages/en/common.ts'
import { figures } from '../messages/en/figures.ts'
import { links } from '../messages/en/links.ts'
import { store } from '../messages/en/store.ts'
import { chooseLanguage, createText } from '../messages/text.ts'
import { type PageText, TextProvider } from '../messages/use-text.ts'
import type { PageProps } from './props.ts'
import { safeJson } from './structured-data.ts'

const CATALOGUES = { en: { ...common, ...figures, ...links, ...store } }
const texts = new Map<string, PageText>()

/** The texts of one language, made once. */
function textFor(wish: string): PageText {
  const language = chooseLanguage([wish])
  let text = texts.get(language)
  if (!text) {
    text = createText(language, [CATALOGUES[language], CATALOGUES.en])
    texts.set(language, text)
  }
  return text
}

interface Head {
  readonly title: string
  readonly description?: string
  readonly canonicalUrl?: string
  /** Pages that are no place of their own (problems, errors) stay out of search engines. */
  readonly indexed?: boolean
  readonly data?: unknown
}

/** Draws a whole HTML document: no script, no inline style, so it stands under `script-src 'self'; style-src 'self'`. */
export function renderPage(
  page: PageProps,
  head: (text: PageText) => Head,
  body: (text: PageText) => ReactNode,
): string {
  const text = textFor(page.language)
  const { title, description, canonicalUrl, indexed = true, data } = head(text)
  const html = renderToString(
    <html lang={text.locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        {description === undefined ? null : <meta name="description" content={description} />}
        {indexed ? null : <meta name="robots" content="noindex" />}
        {canonicalUrl === undefined ? null : <link rel="canonical" href={canonicalUrl} />}
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={ICON} />
        {page.assets.css.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        <link rel="stylesheet" href={page.brand.cssUrl} />
        {data === undefined ? null : (
          <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: safeJson(data) }} />
        )}
      </head>
      <body>
        <TextProvider value={text}>{body(text)}</TextProvider>
      </body>
    </html>,
  )
  return `<!doctype html>${html}`
}
