import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../../kernel/time.ts'
import type { Db } from '../db.ts'
import type { StoredEvent } from './schema.ts'

export interface SubscriberContext {
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Logger
  /** 1 for the first try. */
  readonly attempt: number
  readonly maxAttempts: number
}

/**
 * Hears of events after their commit: at least once, so handling one twice must do no more than once. Events of one
 * subject arrive in order and one at a time; a failed one is tried again later.
 */
export interface Subscriber {
  /** Unique, lower-case words with hyphens; never renamed while its jobs wait. */
  readonly name: string
  /** Event types. */
  readonly on: readonly string[]
  /**
   * Which events of these types, as their payload tells; all of them by default. Asked when an event is handed on, so
   * that what would do nothing is no job. Not for a subscriber `inOrder`, whose events find the one before by its job.
   */
  readonly concerns?: (event: Pick<StoredEvent, 'type' | 'payload'>) => boolean
  /** 25 by default: about four days, the waits growing from seconds to six hours. */
  readonly maxAttempts?: number
  /**
   * Whether those of the same subject wait behind a failed one, until it succeeds or is given up. Unless said they pass
   * it: what handles a state rather than a story had better see the newest.
   */
  readonly inOrder?: boolean
  handle(event: StoredEvent, context: SubscriberContext): Promise<void>
}
