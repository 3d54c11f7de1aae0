import { sql } from 'kysely'
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type JWK,
} from 'jose'
import type { Clock } from '../../kernel/time.ts'
import { type Db, transaction } from '../db.ts'
import { createSeal } from './seal.ts'

export const SIGNING_ALGORITHM = 'RS256'
const REFRESH_MS = 10_000

export interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey
}

export interface SigningKeys {
  /** The key that new tokens are signed with: made on first use, the same for all servers of a database. */
  current(): Promise<SigningKey>
  /** The public key of a `kid`; `undefined` where there is none. */
  find(kid: string): Promise<CryptoKey | undefined>
  /** The JWKS that third parties verify with. */
  publicKeys(): Promise<{ keys: JWK[] }>
}

interface Row {
  readonly id: string
  readonly public_jwk: JWK
  readonly private_key: Buffer
}

/** RS256 keys of access tokens, kept in the database, the private part sealed with BUYLINK_SECRET. */
export function createSigningKeys(options: {
  readonly db: Db
  readonly clock: Clock
  readonly secret: string
}): SigningKeys {
  const { db, clock } = options
  const seal = createSeal(options.secret, 'signing key')
  let current: Promise<SigningKey> | undefined
  let known = new Map<string, CryptoKey>()
  let readAtMs = Number.NEGATIVE_INFINITY
  let refreshing: Promise<void> | undefined

  const readActive = (from: Db): Promise<Row[]> =>
    from
      .selectFrom('signing_keys')
      .where('retired_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .select(['id', 'public_jwk', 'private_key'])
      .execute()

  /** A key sealed with a former BUYLINK_SECRET cannot be opened; its tokens live two hours at most, so it is replaced. */
  function open(rows: readonly Row[]): { id: string; pkcs8: string } | undefined {
    for (const row of rows) {
      try {
        return { id: row.id, pkcs8: seal.unseal(row.private_key) }
      } catch {
        // Tried with the next one.
      }
    }
    return undefined
  }

  async function findOrMake(): Promise<SigningKey> {
    let opened = open(await readActive(db))
    if (!opened) {
      const made = await makeKey()
      opened = await transaction(db, async (tx) => {
        // Two servers that start together: the second one waits here and takes the first one's key.
        await sql`lock table signing_keys in share row exclusive mode`.execute(tx)
        const other = open(await readActive(tx))
        if (other) return other
        await tx
          .insertInto('signing_keys')
          .values({
            id: made.id,
            public_jwk: JSON.stringify(made.publicJwk),
            private_key: seal.seal(made.pkcs8),
            created_at: clock.now(),
            retired_at: null,
          })
          .execute()
        return made
      })
    }
    return { id: opened.id, privateKey: await importPKCS8(opened.pkcs8, SIGNING_ALGORITHM) }
  }

  async function refresh(): Promise<void> {
    const rows = await readActive(db)
    known = new Map(
      await Promise.all(
        rows.map(
          async ({ id, public_jwk }) => [id, (await importJWK(public_jwk, SIGNING_ALGORITHM)) as CryptoKey] as const,
        ),
      ),
    )
  }

  return {
    current() {
      current ??= findOrMake().catch((error: unknown) => {
        current = undefined
        throw error
      })
      return current
    },
    async find(kid) {
      const key = known.get(kid)
      // Another server may have made a key since; strangers' made-up ids must not ask the database each time.
      if (!key && performance.now() - readAtMs >= REFRESH_MS) {
        readAtMs = performance.now()
        refreshing = refresh()
        // A refresh that failed told nothing: the next token asks again.
        refreshing.catch(() => {
          readAtMs = Number.NEGATIVE_INFINITY
        })
      }
      // Those who come meanwhile wait for the same one: right after a start nobody's key is known yet.
      if (!key) await refreshing
      return known.get(kid)
    },
    async publicKeys() {
      await this.current()
      return { keys: (await readActive(db)).map(({ public_jwk }) => public_jwk) }
    },
  }
}

async function makeKey(): Promise<{ id: string; publicJwk: JWK; pkcs8: string }> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: 2048, extractable: true })
  const jwk = await exportJWK(publicKey)
  const id = await calculateJwkThumbprint(jwk)
  return {
    id,
    publicJwk: { ...jwk, kid: id, alg: SIGNING_ALGORITHM, use: 'sig' },
    pkcs8: await exportPKCS8(privateKey),
  }
}
