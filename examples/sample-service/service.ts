import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'

/** What Buylink asks of a service, as far as this one looks at it. */
interface Asked {
  readonly type: string
  readonly data: {
    /** Of a question for what was used: what was answered last. */
    readonly cursor?: string
    readonly operation: 'activate' | 'update' | 'stop' | 'resume' | 'delete'
    readonly revision: string
    readonly subscription_id: string
    readonly resources: readonly {
      readonly id: string
      readonly quantity: string
      readonly usage_name: string | null
    }[]
    readonly callback: { readonly url: string; readonly token: string }
  }
}

export interface SampleOptions {
  /** `whsec_…`, as Buylink told it once. */
  readonly secret: string
  /** Where the pages are kept. */
  readonly directory: string
  /** Answers at once, or 202 first and by the callback later. */
  readonly answers?: 'now' | 'later'
  /** The usage that a look at a running page counts, told to who asks for it; none by default. */
  readonly counts?: string
  /** What it asks for a look at a running page, told to who asks for it: `0.002 USD`; nothing by default. */
  readonly asks?: string
  /** For trying out trouble: a status that is answered instead, before anything is done. */
  readonly trouble?: (request: { readonly id: string; readonly operation: string }) => Promise<number | undefined>
}

/**
 * A small service with something one can look at: a page for each subscription, made, changed, closed and removed as
 * Buylink asks. It recognises what it has done by the revision it keeps with each page, so repeated and late requests
 * change nothing.
 */
export function createSampleService({
  secret,
  directory,
  answers = 'now',
  counts,
  asks,
  trouble,
}: SampleOptions): Server {
  mkdirSync(directory, { recursive: true })
  return createServer(async (request, response) => {
    const say = (status: number, body: unknown, type = 'application/json') =>
      response
        .writeHead(status, { 'content-type': type })
        .end(type.includes('json') ? JSON.stringify(body) : String(body))
    if (request.method === 'GET') {
      const page = pageAt(directory, request.url ?? '/')
      const isRunning = page.includes('<h1>Running')
      if (counts && isRunning) note(directory, (request.url ?? '').slice(1), { usage_name: counts, delta: '1' })
      const [cost, currency] = asks?.split(' ') ?? []
      if (cost && isRunning) note(directory, (request.url ?? '').slice(1), { net_cost: cost, currency })
      return say(200, page, 'text/html; charset=utf-8')
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const id = String(request.headers['webhook-id'])
    if (
      !isSigned(
        secret,
        id,
        String(request.headers['webhook-timestamp']),
        body,
        String(request.headers['webhook-signature']),
      )
    )
      return say(401, { message: 'The signature is wrong.' })
    const { type, data } = JSON.parse(body) as Asked
    if (type === 'connector.test') return say(200, { status: 'ok' })
    if (type === 'usage.requested') return say(200, usageSince(directory, data.cursor ?? ''))
    const status = await trouble?.({ id, operation: data.operation })
    if (status !== undefined) return say(status, { message: 'No room left.' })
    if (answers === 'now') {
      carryOut(directory, data)
      return say(200, { status: 'done' })
    }
    say(202, { status: 'accepted' })
    setTimeout(() => {
      carryOut(directory, data)
      void answerLater(data.callback)
    }, 50)
  })
}

/** Standard Webhooks: HMAC-SHA256 over id, timestamp and body; not older than five minutes. */
function isSigned(secret: string, id: string, timestamp: string, body: string, signatures: string): boolean {
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const right = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.split(' ').some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ''), 'base64')
    return given.length === right.length && timingSafeEqual(given, right)
  })
}

function carryOut(directory: string, { operation, revision, subscription_id, resources }: Asked['data']): void {
  const [page, kept] = [join(directory, `${subscription_id}.html`), join(directory, `${subscription_id}.revision`)]
  if (BigInt(revision) <= revisionIn(kept)) return
  if (operation === 'delete') rmSync(page, { force: true })
  else {
    const items = resources.map(({ id, quantity, usage_name }) => `<li>${usage_name ?? id}: ${BigInt(quantity)}</li>`)
    const isOpen = operation !== 'stop'
    writeFileSync(
      page,
      `<!doctype html><title>Service</title><h1>${isOpen ? 'Running' : 'Closed'}</h1><ul>${items.join('')}</ul>\n`,
    )
  }
  // Last: where this is cut off, the request comes again and is carried out again.
  writeFileSync(kept, revision)
}

/** A line for each look, with an id that stays its own: whoever hears it twice knows it again. */
function note(directory: string, subscriptionId: string, what: object): void {
  const line = { id: randomUUID(), subscription_id: subscriptionId, time: new Date().toISOString(), ...what }
  appendFileSync(join(directory, 'usage.jsonl'), `${JSON.stringify(line)}\n`)
}

const PAGE = 100
/** Told again with every answer, so that nothing between two of them is missed. */
const OVERLAP = 10

/** What was used, and what is asked for it, since a cursor, which is how many lines were told. */
function usageSince(directory: string, cursor: string): unknown {
  const file = join(directory, 'usage.jsonl')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').filter(Boolean) : []
  const from = Number(cursor) || 0
  const until = Math.min(lines.length, from + PAGE)
  const told = lines.slice(Math.max(0, from - OVERLAP), until).map((line) => JSON.parse(line) as object)
  const [events, amounts] = [told.filter((line) => 'usage_name' in line), told.filter((line) => 'currency' in line)]
  return { events, amounts, cursor: String(until), more: until < lines.length }
}

function revisionIn(file: string): bigint {
  try {
    return BigInt(readFileSync(file, 'utf8'))
  } catch {
    return 0n
  }
}

/** Told until it is heard: Buylink gives the same answer to the same result. */
async function answerLater({ url, token }: Asked['data']['callback']): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, status: 'done' }),
    }).catch(() => undefined)
    if (answer && answer.status < 500) return
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt))
  }
}

function pageAt(directory: string, url: string): string {
  const name = /^\/([0-9a-f-]{36})$/.exec(url)?.[1]
  const pages = readdirSync(directory).filter((file) => file.endsWith('.html'))
  if (name && pages.includes(`${name}.html`)) return readFileSync(join(directory, `${name}.html`), 'utf8')
  const list = pages.map((file) => file.replace('.html', '')).map((each) => `<li><a href="/${each}">${each}</a></li>`)
  return `<!doctype html><title>Services</title><h1>Services</h1><ul>${list.join('')}</ul>\n`
}
