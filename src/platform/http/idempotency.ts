import { createHash, createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import { BuylinkError } from '../../kernel/errors.ts'
import { type Clock, DAY_MS } from '../../kernel/time.ts'
import { deriveKey } from '../auth/derive-key.ts'
import { createSeal } from '../auth/seal.ts'
import { crashPoint } from '../crash-points.ts'
import type { RequestSteps } from '../db.ts'
import type { Answer } from './answer.ts'

/** How long an answer is kept for a repeated request. */
export const KEPT_MS = DAY_MS
/** After this a request under way is taken for lost with its server, and may run again. */
const LOCK_MS = 60_000
/** A second request waits this long for the first one's answer. */
const WAIT_MS = 5_000
const POLL_MS = 50
/** Between tries to give a key back while the database is gone. */
const LONGEST_WAIT_MS = 2_000
/** Of more keys than these the locks run out by themselves. */
const MOST_RELEASES = 500

export interface IdempotentRequest {
  /** Who asks: `user:…`, `api_client:…` or an address. Keys of different callers never meet. */
  readonly caller: string
  readonly key: string
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface Idempotency {
  /**
   * Runs `execute` once for a caller's key. The same request again gets the kept answer with
   * `Idempotent-Replayed: true`; answers ≥ 500 are not kept, nor are errors that `execute` throws. Where an earlier try
   * got no answer, `execute` runs again, but what was committed under `steps` is not (docs/adr/0013-requests-in-steps.md).
   *
   * @throws {BuylinkError} `idempotency_conflict` for another request under the same key; `idempotency_in_progress`
   *   when the first one is still under way.
   */
  once(request: IdempotentRequest, execute: (steps: RequestSteps) => Promise<Answer>): Promise<Answer>
  /**
   * Lets requests that were under way when the last server died run again at once, instead of in a minute. Only for a
   * start at which no other server can be on this database.
   */
  freeAbandoned(): Promise<void>
  /** Removes what is past keeping, a batch at a time. @returns How many. */
  removeOld(): Promise<number>
}

const inProgress = (): BuylinkError =>
  new BuylinkError('idempotency_in_progress', 'The first request with this key is still under way.', {
    extra: { retryAfterSeconds: 1 },
  })

interface Row {
  readonly request_hash: Buffer
  readonly status: number | null
  readonly headers: Record<string, string> | null
  readonly sealed_body: Buffer | null
  /** Of an answer kept before answers were sealed. */
  readonly body: string | null
}

/** What a transaction gave, with the digest of its name. */
interface KeptStep {
  readonly name: string
  readonly value: unknown
}

/** A request that is ours to perform. */
interface Claim {
  /** Until then, and the mark by which it is told from a try that replaced it. */
  readonly lockedUntil: Date
  /** What transactions of earlier tries gave, sealed, in the order of their commits. */
  readonly steps: readonly Buffer[]
}

export function createIdempotency(options: {
  readonly pool: Pool
  readonly clock: Clock
  readonly secret: string
}): Idempotency {
  const { pool, clock } = options
  // With a key, since a body may be a password: a plain hash of it would be guessed quickly by who gets hold of the rows.
  const hashKey = deriveKey(options.secret, 'idempotency')
  // An answer may hold a secret that is shown once.
  const { seal, unseal } = createSeal(options.secret, 'idempotency')

  /** Takes the key: as new, or from a request whose server was lost, or past keeping. */
  async function take(request: IdempotentRequest, hash: Buffer): Promise<Claim | undefined> {
    const { caller, key } = request
    const now = clock.now()
    const lockedUntil = new Date(now.getTime() + LOCK_MS)
    const taking = pool.query<{ steps: Buffer[] }>({
      name: 'idempotency-take',
      text: `insert into idempotency_keys as kept (caller, key, request_hash, locked_until, created_at)
             values ($1, $2, $3, $4, $5)
             on conflict (caller, key) do update
               set request_hash = excluded.request_hash, status = null, headers = null, body = null, sealed_body = null,
                   steps = case when kept.created_at < $6 then '{}' else kept.steps end,
                   locked_until = excluded.locked_until, created_at = excluded.created_at
               where (kept.status is null and kept.locked_until < $5 and kept.request_hash = excluded.request_hash)
                  or kept.created_at < $6
             returning steps`,
      values: [caller, key, hash, lockedUntil, now, new Date(now.getTime() - KEPT_MS)],
    })
    // Whether it was taken before the connection broke, nobody knows.
    taking.catch(() => releaseLater(request, { lockedUntil, steps: [] }))
    const { rows } = await taking
    return rows[0] && { lockedUntil, steps: rows[0].steps }
  }

  function stepsOf({ caller, key }: IdempotentRequest, claim: Claim): RequestSteps {
    const left = claim.steps.map((sealed) => deserialize(Buffer.from(unseal(sealed), 'base64')) as KeptStep)
    return {
      next(text) {
        const name = createHash('sha256').update(text).digest('base64')
        const at = left.findIndex((step) => step.name === name)
        return {
          given: at < 0 ? undefined : left.splice(at, 1)[0],
          async keep(tx, value) {
            const step = seal(serialize({ name, value } satisfies KeptStep).toString('base64'))
            const { numAffectedRows } = await sql`
              update idempotency_keys set steps = steps || ${step}::bytea
               where caller = ${caller} and key = ${key} and locked_until = ${claim.lockedUntil} and status is null`.execute(
              tx,
            )
            if (numAffectedRows !== 1n) throw inProgress()
          },
        }
      },
    }
  }

  async function find({ caller, key }: IdempotentRequest): Promise<Row | undefined> {
    const { rows } = await pool.query<Row>({
      name: 'idempotency-find',
      text: 'select request_hash, status, headers, body, sealed_body from idempotency_keys where caller = $1 and key = $2',
      values: [caller, key],
    })
    return rows[0]
  }

  /** Only while the key is still ours: a request that took too long must not overwrite the one that replaced it. */
  async function keep({ caller, key }: IdempotentRequest, { lockedUntil }: Claim, answer: Answer): Promise<void> {
    await pool.query({
      name: 'idempotency-keep',
      text: `update idempotency_keys set status = $4, headers = $5, sealed_body = $6
              where caller = $1 and key = $2 and locked_until = $3 and status is null`,
      values: [
        caller,
        key,
        lockedUntil,
        answer.status,
        JSON.stringify(answer.headers),
        answer.body === undefined ? null : seal(answer.body.toString()),
      ],
    })
  }

  /** Lets the request be asked for again at once: as new, or behind the steps that were committed. */
  async function release({ caller, key }: IdempotentRequest, { lockedUntil }: Claim): Promise<void> {
    const values = [caller, key, lockedUntil]
    const ours = 'caller = $1 and key = $2 and locked_until = $3 and status is null'
    await pool.query(`delete from idempotency_keys where ${ours} and steps = '{}'`, values)
    await pool.query(`update idempotency_keys set locked_until = created_at where ${ours}`, values)
  }

  let releasing = 0

  /** Where the database was what failed, until it is back, or the lock has run out by itself: nobody need wait for that. */
  async function releaseLater(request: IdempotentRequest, claim: Claim): Promise<void> {
    if (releasing >= MOST_RELEASES) return
    releasing++
    for (let waitMs = POLL_MS; clock.now() < claim.lockedUntil; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { ref: false })
      const isReleased = await release(request, claim).then(
        () => true,
        () => false,
      )
      if (isReleased) break
    }
    releasing--
  }

  async function run(
    request: IdempotentRequest,
    claim: Claim,
    execute: (steps: RequestSteps) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const answer = await execute(stepsOf(request, claim))
      crashPoint('request.performed')
      await (answer.status >= 500 ? release(request, claim) : keep(request, claim, answer))
      crashPoint('request.kept')
      return answer
    } catch (error) {
      await release(request, claim).catch(() => void releaseLater(request, claim))
      throw error
    }
  }

  return {
    async once(request, execute) {
      const hash = createHmac('sha256', hashKey).update(`${request.method} ${request.path}\n${request.body}`).digest()
      const giveUpAtMs = performance.now() + WAIT_MS
      for (;;) {
        const claim = await take(request, hash)
        if (claim) return run(request, claim, execute)
        const kept = await find(request)
        if (kept && !kept.request_hash.equals(hash))
          throw new BuylinkError('idempotency_conflict', 'This Idempotency-Key was used for another request.')
        if (kept?.status != null) {
          const headers = { ...kept.headers, 'idempotent-replayed': 'true' }
          const body = kept.sealed_body ? unseal(kept.sealed_body) : (kept.body ?? undefined)
          return { status: kept.status, headers, cookies: [], body }
        }
        if (performance.now() > giveUpAtMs) throw inProgress()
        await sleep(POLL_MS)
      }
    },

    async freeAbandoned() {
      await pool.query(
        'update idempotency_keys set locked_until = created_at where status is null and created_at > $1',
        [new Date(clock.now().getTime() - LOCK_MS)],
      )
    },

    async removeOld() {
      const before = new Date(clock.now().getTime() - KEPT_MS)
      let removed = 0
      for (;;) {
        const { rowCount } = await pool.query(
          `delete from idempotency_keys where (caller, key) in
             (select caller, key from idempotency_keys where created_at < $1 order by created_at limit 1000)`,
          [before],
        )
        removed += rowCount ?? 0
        if ((rowCount ?? 0) < 1000) return removed
      }
    },
  }
}
