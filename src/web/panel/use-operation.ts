import { useCallback, useRef, useState } from 'react'
import { ApiError, randomKey } from './api.ts'
import { refreshSession } from './session.ts'

export interface Operation<A extends unknown[]> {
  run(...args: A): Promise<void>
  readonly pending: boolean
  readonly error: ApiError | null
  /** Counts failures, so that a summary can take the focus each time. */
  readonly failures: number
  clear(): void
}

/**
 * Runs a write for a form: one at a time, its failure as a value, one `Idempotency-Key` until it succeeds.
 * A refused CSRF token (signed in again in another tab) is renewed and the write tried once more.
 */
export function useOperation<A extends unknown[]>(
  operation: (idempotencyKey: string, ...args: A) => Promise<void>,
): Operation<A> {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const [failures, setFailures] = useState(0)
  const key = useRef(randomKey())
  const busy = useRef(false)
  const run = useCallback(
    async (...args: A) => {
      if (busy.current) return
      busy.current = true
      setPending(true)
      setError(null)
      try {
        await retryWithFreshToken(() => operation(key.current, ...args))
        key.current = randomKey()
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause
        // A refusal answered for good under this key; only an unanswered write is repeated under the same one.
        if (cause.status !== 0 && cause.status < 500) key.current = randomKey()
        setError(cause)
        setFailures((count) => count + 1)
      } finally {
        busy.current = false
        setPending(false)
      }
    },
    [operation],
  )
  return { run, pending, error, failures, clear: () => setError(null) }
}

async function retryWithFreshToken(attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt()
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code !== 'csrf_failed') throw cause
    await refreshSession()
    await attempt()
  }
}
