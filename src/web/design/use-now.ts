import { useSyncExternalStore } from 'react'

const EVERY_MS = 30_000
let stillMs: number | null = null
const presentMs = (): number => stillMs ?? Date.now()
let nowMs = presentMs()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function look(): void {
  nowMs = presentMs()
  for (const notify of listeners) notify()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(look, EVERY_MS)
  // What is shown from now on may have happened since the last look: it was not "in 3 seconds".
  if (presentMs() - nowMs >= 1000) look()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Where a clock stands still (a sandbox's): that is the present then; null: the real one is. */
export function standStillAt(ms: number | null): void {
  stillMs = ms
  look()
}

/** The present, to half a minute: "5 minutes ago" stays true while one looks at it. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs)
