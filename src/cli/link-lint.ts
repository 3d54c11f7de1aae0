import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Client, type Explanation } from '../sdk/index.ts'
import { command, UsageError } from './command.ts'
import { findLinks, pagesOfSitemap } from './find-links.ts'

/** Pages of a sitemap (and of those it names) that are read; more is a crawl. */
const MOST_PAGES = 1_000

interface Source {
  /** As it is named in what is said: a file or an address. */
  readonly name: string
  readonly text: string
  /** Where relative links of it start. */
  readonly base: string | undefined
}

/** Checks every buy-link of a file, page or sitemap. Exit code 1 when one has errors; warnings leave it at 0. */
export const linkLint = command({
  name: 'link lint',
  summary: 'Check every buy-link in a file, a page or the pages of a sitemap',
  args: 'FILE|URL',
  options: {
    base: { type: 'string', value: 'URL', help: 'where relative links of a file start' },
    json: { type: 'boolean', help: 'write one JSON object for each link' },
    quiet: { type: 'boolean', help: 'leave out warnings' },
  },
  async run({ base, json, quiet }, { io, args, client }) {
    const [place, ...more] = args
    if (place === undefined || more.length > 0) throw new UsageError('Give one file or URL.')
    if (base !== undefined && !URL.canParse(base)) throw new UsageError(`--base is no URL: “${base}”.`)
    const ask = once(client())
    const counts = { links: 0, bad: 0, sources: 0, unread: 0 }
    for await (const source of sources(place, base)) {
      if ('problem' in source) {
        counts.unread++
        io.err(`${source.name}: ${source.problem}`)
        continue
      }
      counts.sources++
      for (const { url, line } of findLinks(source.text, source.base)) {
        const { valid, errors, warnings } = await ask(url)
        counts.links++
        if (!valid) counts.bad++
        if (json) io.out(JSON.stringify({ source: source.name, line, url, valid, errors, warnings }))
        else
          for (const text of describe({ errors, warnings: quiet ? [] : warnings }))
            io.out(`${source.name}:${line}: ${text}`)
      }
    }
    if (!json) io.out(summary(counts))
    return counts.bad + counts.unread > 0 ? 1 : 0
  },
})

function describe({ errors, warnings }: Pick<Explanation, 'errors' | 'warnings'>): string[] {
  const text = (kind: string, { message, code, part, suggestion }: Explanation['errors'][number]): string =>
    `${kind}: ${message} (${code}, ${part})${suggestion ? ` ${suggestion}` : ''}`
  return [...errors.map((error) => text('error', error)), ...warnings.map((warning) => text('warning', warning))]
}

function summary({ links, bad, sources: read }: { links: number; bad: number; sources: number }): string {
  const where = read === 1 ? '' : ` on ${read} pages`
  if (links === 0) return `No buy-link found${where}.`
  return `${links === 1 ? '1 link' : `${links} links`}${where}: ${bad === 0 ? 'all good' : `${bad} with errors`}.`
}

/** The same link stands on many pages; the server is asked once. */
function once(client: Client): (url: string) => Promise<Explanation> {
  const answers = new Map<string, Promise<Explanation>>()
  return (url) => {
    const known = answers.get(url) ?? patiently(() => client.buyLinks.explain(url))
    answers.set(url, known)
    return known
  }
}

/** A server that says "too many requests" is asked again, up to a minute. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 429 || attempt === 30) throw error
      await sleep(2_000)
    }
  }
}

async function* sources(
  place: string,
  base: string | undefined,
): AsyncGenerator<Source | { readonly name: string; readonly problem: string }> {
  if (!/^https?:\/\//i.test(place)) {
    const text = await readFile(place, 'utf8').catch((error: unknown) => {
      throw new UsageError(`${place} cannot be read: ${messageOf(error)}`)
    })
    const pages = pagesOfSitemap(text)
    if (pages) yield* pagesOf(pages)
    else yield { name: place, text, base }
    return
  }
  yield* pagesOf([place])
}

async function* pagesOf(first: readonly string[]): AsyncGenerator<Source | { name: string; problem: string }> {
  const waiting = [...first]
  const seen = new Set(waiting)
  for (let read = 0; waiting.length > 0 && read < MOST_PAGES; read++) {
    const url = waiting.shift() ?? ''
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(30_000) })
      const text = await response.text()
      if (!response.ok) {
        yield { name: url, problem: `the page answered ${response.status}` }
        continue
      }
      const pages = pagesOfSitemap(text)
      if (!pages) yield { name: url, text, base: response.url }
      for (const page of pages ?? []) {
        if (!seen.has(page)) waiting.push(page)
        seen.add(page)
      }
    } catch (error) {
      yield { name: url, problem: `the page cannot be read: ${messageOf(error)}` }
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
