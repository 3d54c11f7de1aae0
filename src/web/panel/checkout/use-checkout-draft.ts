import { useCallback, useRef, useState } from 'react'
import { ApiError, call } from '../api.ts'
import type { Checkout } from '../types.ts'

interface Change {
  readonly planPeriodId?: string
  /** Quantities as the wire has them: whole numbers written as text. */
  readonly resources?: readonly { readonly id: string; readonly quantity: string }[]
  readonly attributes?: Readonly<Record<string, string>>
}

const PAUSE_MS = 300

/**
 * The checkout as it is being configured: a choice shows at once, the server's prices follow. Changes go out one at a
 * time in the order they were made, the newest of each kind wins while waiting.
 */
export function useCheckoutDraft(loaded: Checkout) {
  const [checkout, setCheckout] = useState(loaded)
  const [wish, setWish] = useState<Change>({})
  const [error, setError] = useState<ApiError | null>(null)
  const [failures, setFailures] = useState(0)
  const [saving, setSaving] = useState(false)
  const latest = useRef(loaded)
  const waiting = useRef<Change | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const flight = useRef<Promise<boolean> | null>(null)

  const send = useCallback(async (): Promise<boolean> => {
    let good = true
    while (waiting.current) {
      const change = waiting.current
      waiting.current = null
      try {
        latest.current = await call<Checkout>(`/checkouts/${latest.current.id}`, {
          method: 'PATCH',
          body: change,
          ifMatch: latest.current.version,
        })
        setError(null)
        if (!waiting.current) setWish({})
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause
        good = false
        waiting.current = null
        setWish({})
        setError(cause)
        setFailures((count) => count + 1)
        // Somebody else's newer version (another tab): show what holds now.
        if (cause.code === 'version_mismatch') latest.current = await call<Checkout>(`/checkouts/${latest.current.id}`)
      }
      setCheckout(latest.current)
    }
    setSaving(false)
    return good
  }, [])

  /** Sends what is waiting now; true when everything was taken. */
  const flush = useCallback(async (): Promise<boolean> => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    const before = flight.current ? await flight.current : true
    if (!waiting.current) return before
    flight.current = send().finally(() => {
      flight.current = null
    })
    return flight.current
  }, [send])

  const change = useCallback(
    (next: Change) => {
      waiting.current = { ...waiting.current, ...next }
      setWish((current) => ({ ...current, ...next }))
      setSaving(true)
      if (timer.current) clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), PAUSE_MS)
    },
    [flush],
  )

  return { checkout, wish, change, flush, saving, error, failures }
}
