import type { Pool, PoolClient } from 'pg'

/** The line between an application and its database; it breaks once, and for good. */
export interface Power {
  /** @param statements How many are still carried out. @param isAnswerLost The last one is carried out, its answer lost. */
  cutAfter(statements: number, isAnswerLost: boolean): void
  /** Cuts it now. */
  cut(): void
  readonly isOff: boolean
}

type Query = (...args: unknown[]) => unknown

/**
 * Cuts an application off from its database, as the end of its process would: after a number of statements every
 * connection breaks at once. What was committed stays; what was not is gone; of the statement under way nobody knows.
 *
 * @param pool Of the application, before its first connection.
 */
export function createPower(pool: Pool): Power {
  const lines = new Set<PoolClient>()
  let left = Infinity
  let isAnswerLost = false
  let isOff = false

  function cut(): void {
    isOff = true
    for (const line of lines) breakLine(line)
    lines.clear()
  }

  function breakLine(line: PoolClient): void {
    const { stream } = (line as unknown as { connection: { stream: { destroySoon(): void; destroy(): void } } })
      .connection // The driver's own; it has no public way to lose a connection.
    // What was sent arrives; nothing comes back.
    if (isAnswerLost) stream.destroySoon()
    else stream.destroy()
  }

  pool.on('connect', (client) => {
    if (isOff) return breakLine(client)
    lines.add(client)
    client.once('end', () => lines.delete(client))
    const query = client.query.bind(client) as Query
    const watched: Query = (...args) => {
      left -= 1
      if (isOff || left > 0) return query(...args)
      if (!isAnswerLost) cut()
      const answer = query(...args)
      if (!isOff) cut()
      return answer
    }
    client.query = watched as PoolClient['query']
  })

  return {
    cutAfter(count, isLost) {
      left = count
      isAnswerLost = isLost
    },
    cut,
    get isOff() {
      return isOff
    },
  }
}
