import type { Pool } from 'pg'

/** Any fixed number but that of `migrate`. */
const LOCK = 4_210_557_002

/** Lets servers that start at once on one database prepare it one after the other, for as long as each needs. */
export async function oneStartAtATime<Result>(pool: Pool, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('set lock_timeout = 0')
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK])
    return await work()
  } finally {
    // Closing the connection also gives back the lock and the settings.
    client.release(true)
  }
}
