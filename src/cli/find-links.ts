/** A buy-link in a text, and the line where it begins. */
export interface FoundLink {
  readonly url: string
  readonly line: number
}

const LINK =
  /(?:https?:\/\/[^\s"'<>`()\\]*|(?<=["'(]))\/(?:external_dispatcher\/settle|client\/new_order)\?[^\s"'<>`)\\]*/g

/**
 * Every buy-link in a text: HTML, Markdown, mail, source. Entities of HTML are read, punctuation that ends a sentence is
 * not part of a link.
 *
 * @param base Where relative links start; without it they are left as they stand.
 */
export function findLinks(text: string, base?: string): FoundLink[] {
  let [line, counted] = [1, 0]
  return [...text.matchAll(LINK)].map(({ 0: found, index }) => {
    for (; counted < index; counted++) if (text.charCodeAt(counted) === 10) line++
    const link = found.replaceAll(/&(?:amp|#38|#x26);/gi, '&').replace(/[.,;:!]+$/, '')
    return { line, url: link.startsWith('/') && base !== undefined ? new URL(base).origin + link : link }
  })
}

/** Pages that a sitemap lists; undefined for what is no sitemap. */
export function pagesOfSitemap(text: string): string[] | undefined {
  if (!/<(urlset|sitemapindex)[\s>]/.test(text)) return undefined
  return [...text.matchAll(/<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)/g)].map(([, url]) =>
    (url ?? '').replaceAll(/&amp;/g, '&'),
  )
}
