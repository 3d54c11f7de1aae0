import type { Readable } from 'node:stream'

/** What goes back over the wire, before it does: an answer can be kept and given again. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `Set-Cookie` headers; never kept. */
  readonly cookies: readonly string[]
  readonly body: string | Buffer | Readable | undefined
}
