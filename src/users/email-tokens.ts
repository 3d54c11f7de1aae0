import { createHash, randomBytes } from 'node:crypto'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { UserKey } from './second-factor-store.ts'
import type { TokenContext, TokenPurpose } from './schema.ts'

const SELLER_BYTES = 16
const RANDOM_BYTES = 32

export interface NewToken {
  readonly sellerId: SellerId
  readonly purpose: TokenPurpose
  readonly email: string
  readonly userId: UserId | null
  readonly context: TokenContext
  readonly at: Date
  readonly lifeMs: number
}

/**
 * Makes what a mailed link carries, once. The text begins with the seller's id, so that the row is found on its shard
 * from the link alone; the rest is random, and only its hash is kept.
 */
export async function issueToken(tx: Tx, token: NewToken): Promise<string> {
  const seller = Buffer.from(token.sellerId.replaceAll('-', ''), 'hex')
  const text = Buffer.concat([seller, randomBytes(RANDOM_BYTES)]).toString('base64url')
  await tx
    .insertInto('email_tokens')
    .values({
      seller_id: token.sellerId,
      token_hash: hashOf(text),
      purpose: token.purpose,
      email: token.email,
      user_id: token.userId,
      context: token.context,
      created_at: token.at,
      expires_at: new Date(token.at.getTime() + token.lifeMs),
      used_at: null,
    })
    .execute()
  return text
}

export interface UsedToken {
  readonly sellerId: SellerId
  readonly email: string
  readonly userId: UserId | null
  readonly context: TokenContext
}

/**
 * Uses a token up. Of several at once exactly one gets it: the update's row lock decides.
 * @returns undefined when it is unknown, used, too old or meant for something else.
 */
export async function useToken(tx: Tx, purpose: TokenPurpose, text: string, at: Date): Promise<UsedToken | undefined> {
  const sellerId = sellerOfToken(text)
  if (sellerId === undefined) return undefined
  return tx
    .updateTable('email_tokens')
    .set({ used_at: at })
    .where('seller_id', '=', sellerId)
    .where('token_hash', '=', hashOf(text))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['seller_id as sellerId', 'email', 'user_id as userId', 'context'])
    .executeTakeFirst()
}

/** Makes every other unused token of a person worthless: the older reset mails in the mailbox. */
/** Whose a token is, while it is good; it stays so. */
export async function peekToken(
  db: Db | Tx,
  purpose: TokenPurpose,
  text: string,
  at: Date,
): Promise<UserKey | undefined> {
  const sellerId = sellerOfToken(text)
  if (sellerId === undefined) return undefined
  const row = await db
    .selectFrom('email_tokens')
    .where('seller_id', '=', sellerId)
    .where('token_hash', '=', hashOf(text))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .select('user_id as userId')
    .executeTakeFirst()
  return row?.userId == null ? undefined : { sellerId, userId: row.userId }
}

export async function revokeTokens(tx: Tx, sellerId: SellerId, userId: UserId, at: Date): Promise<void> {
  await tx
    .updateTable('email_tokens')
    .set({ used_at: at })
    .where('seller_id', '=', sellerId)
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute()
}

/** The seller a token leads to, before anything is asked of the database; undefined for what is no token of ours. */
export function sellerOfToken(text: string): SellerId | undefined {
  if (!/^[A-Za-z0-9_-]{64}$/.test(text)) return undefined
  const hex = Buffer.from(text, 'base64url').toString('hex', 0, SELLER_BYTES)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
