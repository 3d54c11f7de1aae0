import type { Pool, PoolClient } from 'pg'

/** Texts that are prepared at most, on each connection; what comes after is planned each time. */
const MOST_PREPARED = 500
/** Texts that are remembered to have come once. */
const MOST_SEEN = 5000
/** Their answer changes when a column is added, which a prepared statement does not survive. */
const OPEN_ENDED = /(\.|select |returning )\*/i

/**
 * Names texts of statements that come again, so that a connection parses and plans them once: that costs more than most
 * of our statements themselves. What is made by the length of a list comes once, and stays as it is.
 *
 * @returns A function from a text to its name; undefined while it has none.
 */
export function createStatementNames(most = MOST_PREPARED): (text: string) => string | undefined {
  const names = new Map<string, string>()
  let seen = new Set<string>()
  return (text) => {
    const name = names.get(text)
    if (name !== undefined || names.size >= most || OPEN_ENDED.test(text)) return name
    if (!seen.has(text)) {
      if (seen.size >= MOST_SEEN) seen = new Set()
      seen.add(text)
      return undefined
    }
    const given = `again-${names.size}`
    names.set(text, given)
    return given
  }
}

type Query = (...args: unknown[]) => unknown

/** Lets a pool's connections prepare what the query builder sends again and again. */
export function prepareStatements(pool: Pool): void {
  const nameOf = createStatementNames()
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query
    const prepared: Query = (...args) => {
      const [text, values] = args
      if (args.length !== 2 || typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
        return query(...args)
      const name = nameOf(text)
      return name === undefined ? query(text, values) : query({ name, text, values })
    }
    client.query = prepared as PoolClient['query'] // Its overloads are those of what it calls.
  })
}
