import { placesOf } from './input.ts'
import { openApiPath, operationId, tagOf } from './openapi.ts'
import { wireSchema } from './openapi-schema.ts'
import type { AnyRoute } from './route.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

/** The reference that people read at `/docs`: every operation on one page, no script, one style sheet. */
export function docsPage(routes: readonly AnyRoute[]): string {
  const tags = [...new Set(routes.map(tagOf))].sort()
  const sections = tags.map((tag) => {
    const operations = routes.filter((route) => tagOf(route) === tag)
    return `<section id="${escape(tag)}"><h2>${escape(tag)}</h2>${operations.map(operationHtml).join('')}</section>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Buylink API</title><link rel="stylesheet" href="/docs/docs.css"></head><body>
<header><h1>Buylink API</h1><p>For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<p>JSON, snake_case. Ids are strings, times RFC 3339, money <code>{"amount": "199.99", "currency": "EUR"}</code>.
Sign in with <code>Authorization: Bearer</code> and a token of <code>POST /api/2/idp/token</code>, or with the browser’s session.
Failures are <code>application/problem+json</code>; decide by <code>code</code>. Repeat a POST safely with <code>Idempotency-Key</code>.</p></header>
<nav aria-label="Resources"><ul>${tags.map((tag) => `<li><a href="#${escape(tag)}">${escape(tag)}</a></li>`).join('')}</ul></nav>
<main>${sections.join('')}</main></body></html>`
}

function operationHtml(route: AnyRoute): string {
  const id = operationId(route)
  const places = placesOf(route)
  const takes = [...places.path, ...places.query, ...places.body].length > 0
  return `<article id="${escape(id)}"><h3><code>${route.method} ${escape(openApiPath(route.path))}</code></h3>
<p>${escape(route.summary)}</p>${route.description ? `<p>${escape(route.description)}</p>` : ''}
${route.scope === null ? '' : `<p>Scope <code>${escape(route.scope)}</code></p>`}
${takes ? details('Input', wireSchema(route.input, true)) : ''}
${route.status === 204 ? '<p>Answers 204 without a body.</p>' : details(`Output (${route.status ?? 200})`, wireSchema(route.output, false))}</article>`
}

const details = (title: string, schema: unknown): string =>
  `<details><summary>${escape(title)}</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`

export const DOCS_CSS = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid GrayText }
h3 { margin: 1.5rem 0 0; font-size: 1rem }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none }
pre { overflow: auto; padding: .75rem; border: 1px solid GrayText; border-radius: .375rem; font-size: .8125rem }
p { margin: .25rem 0 }
code { overflow-wrap: anywhere }
`
