import markdownIt from 'markdown-it'

/** Raw HTML stays text and links lead to the web, to mail or within the store; headings start below the page's own. */
const markdown = markdownIt({ html: false, linkify: true, typographer: false })
markdown.renderer.rules['heading_open'] = (tokens, index) => `<${below(tokens[index]?.tag)}>`
markdown.renderer.rules['heading_close'] = (tokens, index) => `</${below(tokens[index]?.tag)}>`

const below = (tag = 'h1'): string => `h${Math.min(6, Number(tag.slice(1)) + 1)}`

/** Markdown of a reseller as HTML that carries nothing but text, pictures and links. */
export const renderMarkdown = (text: string): string => markdown.render(text)
