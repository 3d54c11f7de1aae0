import { useEffect, useLayoutEffect } from 'react'
import { useLocation, useNavigationType } from 'react-router'

const STORE = 'scroll'
const positions = new Map<string, number>(readStored())

function readStored(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '[]') as [string, number][]
  } catch {
    return []
  }
}

/** New pages start at their top; going back, or reloading, finds a page as it was left. */
export function useScrollMemory(): void {
  const { key } = useLocation()
  const isReturn = useNavigationType() === 'POP'
  useEffect(() => {
    history.scrollRestoration = 'manual'
    const keep = (): void => {
      try {
        sessionStorage.setItem(STORE, JSON.stringify([...positions].slice(-50)))
      } catch {
        // Storage may be refused; then only a reload forgets.
      }
    }
    addEventListener('pagehide', keep)
    return () => removeEventListener('pagehide', keep)
  }, [])
  useLayoutEffect(() => {
    scrollTo(0, (isReturn && positions.get(key)) || 0)
    const note = (): void => void positions.set(key, scrollY)
    addEventListener('scroll', note, { passive: true })
    return () => removeEventListener('scroll', note)
  }, [key, isReturn])
}
