import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64')

export interface SignedMessage {
  /** The same with every try of one message: by it a receiver recognises a copy. */
  readonly id: string
  readonly at: Date
  readonly body: string
  /** `whsec_…`; several while a secret is being replaced, the newest first. */
  readonly secrets: readonly string[]
}

/**
 * The headers of a message as in Standard Webhooks 1.0: HMAC-SHA256 over id, seconds and body, one signature a secret.
 *
 * @throws {RangeError} No secret: our mistake.
 */
export function webhookHeaders({ id, at, body, secrets }: SignedMessage): Record<string, string> {
  if (secrets.length === 0) throw new RangeError('A webhook is signed')
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
