const LANES = 4

/**
 * Does pieces of work, some at the same time, all of them to their end whatever becomes of the others: after a cut nothing
 * of it may still be under way.
 *
 * @throws The first failure.
 */
export async function settleAll(work: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...work]
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      await next().catch((error: unknown) => failures.push(error))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  if (failures.length > 0) throw failures[0]
}
