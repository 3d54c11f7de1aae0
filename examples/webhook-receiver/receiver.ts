import { createHmac, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'

/** What a webhook tells; `data` by type is under `webhooks` in `/openapi.json`. */
export interface Told {
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
  readonly event_id: string
  readonly subject: { readonly kind: string; readonly id: string }
}

export interface ReceiverOptions {
  /** `whsec_…`, as it was shown once. */
  readonly secret: string
  /** Each message that was taken, a JSON line with its webhook-id: what is in here is not taken again. */
  readonly file: string
  readonly onMessage?: (told: Told) => void
}

const MAX_BYTES = 1_000_000
const MAX_AGE_SECONDS = 300

/**
 * Takes each message once, however often it comes and whenever this server ends: a message is taken when its line is on
 * the disk, and answered after that. Answers 204 to copies too, so that they end.
 */
export function createReceiver({ secret, file, onMessage }: ReceiverOptions): Server {
  const taken = readTaken(file)
  return createServer(async (request, response) => {
    const say = (status: number) => response.writeHead(status).end()
    if (request.method !== 'POST') return say(405)
    // As it came: another spelling of the same JSON has another signature.
    const body = await read(request).catch(() => undefined)
    if (body === undefined) return say(413)
    const header = (name: string) => String(request.headers[name] ?? '')
    const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
    if (!isSigned(secret, id, timestamp, body, header('webhook-signature'))) return say(401)
    if (taken.has(id)) return say(204)
    const told = JSON.parse(body) as Told
    // Nothing waits between the look and the line, so two copies that come together are taken once.
    appendFileSync(file, `${JSON.stringify({ id, ...told })}\n`, { flush: true })
    taken.add(id)
    say(204)
    onMessage?.(told)
  })
}

/** Standard Webhooks: HMAC-SHA256 over id, timestamp and body, by any of the signatures; not older than five minutes. */
function isSigned(secret: string, id: string, timestamp: string, body: string, signatures: string): boolean {
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= MAX_AGE_SECONDS)) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const right = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.split(' ').some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ''), 'base64')
    return given.length === right.length && timingSafeEqual(given, right)
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new RangeError('The message is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readTaken(file: string): Set<string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  // A line that a power cut left half was not answered: it comes again.
  if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n')
  return new Set(text.split('\n').flatMap(idIn))
}

function idIn(line: string): string[] {
  try {
    return [String((JSON.parse(line) as { id: unknown }).id)]
  } catch {
    return []
  }
}
