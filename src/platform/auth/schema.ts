import type { ColumnType } from 'kysely'
import type { JWK } from 'jose'
import type { SellerId, UserId } from '../../kernel/ids.ts'

declare module '../db.ts' {
  interface Database {
    sessions: {
      token_hash: Buffer
      seller_id: SellerId
      user_id: UserId
      created_at: Date
      expires_at: Date
      last_seen_at: Date
    }
    signing_keys: {
      id: string
      public_jwk: ColumnType<JWK, string, string>
      private_key: Buffer
      created_at: Date
      retired_at: Date | null
    }
  }
}
