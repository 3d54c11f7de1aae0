import { useSyncExternalStore } from 'react'
import { type MiddlewareFunction, redirect } from 'react-router'
import { standStillAt } from '../design/use-now.ts'
import { call, setCsrfToken } from './api.ts'
import type { Session } from './session-types.ts'

/** Who is signed in, kept for the life of the page and changed by signing in and out. */
let current: Session | null = null
let loading: Promise<Session> | null = null
const listeners = new Set<() => void>()

export function setSession(session: Session): Session {
  current = session
  loading = null
  setCsrfToken(session.csrfToken)
  standStillAt(session.testClock ? Date.parse(session.testClock.now) : null)
  for (const listener of listeners) listener()
  return session
}

/** The session, asked for once. */
export async function loadSession(): Promise<Session> {
  if (current) return current
  loading ??= call<Session>('/session').then(setSession)
  try {
    return await loading
  } catch (error) {
    loading = null
    throw error
  }
}

/** Asks again: after full registration, or when a token was refused. */
export async function refreshSession(): Promise<Session> {
  return setSession(await call<Session>('/session'))
}

export function useSession(): Session {
  const session = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
  if (!session) throw new Error('useSession before the session was loaded')
  return session
}

export const can = (session: Session, scope: string): boolean =>
  session.scopes.includes(scope) || session.scopes.includes('*')

/** A sales manager who runs nothing else starts with their own figures and links. */
export const isSalesAlone = (session: Session): boolean =>
  session.manager !== null && can(session, 'managers:read') && !can(session, 'payments:approve')

/** Path and query of a request, bytes kept: what signing in leads back to. */
export function pathOf(request: Request): string {
  return request.url.slice(new URL(request.url).origin.length)
}

/** Where staff set up what the installation requires of them. */
const SECURITY = '/portal/security'

/** Before any page of an area loads: signed in, or the way to sign in with the way back. Nothing is asked in vain. */
export const signedIn =
  (area: 'client' | 'portal'): MiddlewareFunction =>
  async ({ request }) => {
    const session = await loadSession()
    if (!session.user) throw redirect(`/${area}/sign-in?return_to=${encodeURIComponent(pathOf(request))}`)
    if (session.user.owesSecondFactor && new URL(request.url).pathname !== SECURITY) throw redirect(SECURITY)
  }

/** A path to return to after signing in: only one of ours, never another host. */
export function safeReturnTo(wish: string | null, area: 'client' | 'portal'): string {
  return wish !== null && new RegExp(`^/${area}(/|$|\\?)`).test(wish) && !wish.includes('\\') ? wish : `/${area}`
}
