import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Visitor } from '../test/harness/visitor.ts'
import type { Tally } from './tally.ts'

/** The server did not answer: whether it did what was asked is not known, and it is asked again after its start. */
export class Cut extends Error {}

/** A POST that can be asked for again under the same key. */
export interface Ask {
  /** Unique in the run: the `Idempotency-Key`. */
  readonly key: string
  readonly caller: Visitor
  readonly method?: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What callers were told, and so may rely on. */
export interface Journal {
  /**
   * Asks until there is an answer, under the same key each time, and notes it. What was answered before must be
   * answered again in the same words.
   *
   * @throws {Cut} The server is gone.
   */
  ask<Body>(ask: Ask): Promise<Body>
  /** How many answers were given, and how many of them again. */
  readonly acknowledged: number
}

/** How long a server that lives may put somebody off. */
const PATIENCE_MS = 75_000

export function createJournal(tally: Tally): Journal {
  const answers = new Map<string, unknown>()
  return {
    get acknowledged() {
      return answers.size
    },
    async ask<Body>(ask: Ask): Promise<Body> {
      const answer = await insist(ask)
      const what = `${ask.method ?? 'POST'} ${ask.path} (${ask.key})`
      if (answer.status >= 400) {
        const told = `${what} answers ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`
        tally.problem('wrong', told)
        throw new Refused(told)
      }
      tally.count('acknowledged')
      if (!answers.has(ask.key)) answers.set(ask.key, answer.body)
      else {
        tally.count('asked_again')
        if (!isDeepStrictEqual(answers.get(ask.key), answer.body))
          tally.problem(
            'wrong',
            `${what} answers differently when asked again: ${difference(answers.get(ask.key), answer.body)}`,
          )
      }
      return answer.body as Body
    },
  }
}

/** An answer that a story does not go on from; it is in the tally. */
export class Refused extends Error {}

/** Asks again as long as the server says that it may be asked again. */
export async function insist({ key, caller, method = 'POST', path, body, headers }: Ask): Promise<Answer> {
  const giveUpAtMs = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await caller
      .request(method, path, body, { 'idempotency-key': key, ...headers })
      .catch((error: unknown) => {
        throw new Cut(`${method} ${path}: ${String(error)}`)
      })
    if (!mayAskAgain(answer) || performance.now() > giveUpAtMs) return answer
    await sleep(Math.max(0.2, Number(answer.headers.get('retry-after') ?? 0)) * 1000)
  }
}

const mayAskAgain = ({ status, body }: Answer): boolean =>
  status === 429 || status === 503 || (status === 409 && (body as { code?: string }).code === 'idempotency_in_progress')

function difference(one: unknown, other: unknown): string {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)]
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  return `…${left.slice(Math.max(0, at - 40), at + 80)} / …${right.slice(Math.max(0, at - 40), at + 80)}`
}
