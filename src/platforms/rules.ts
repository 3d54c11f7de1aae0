import type { BegunRaise, ForeignQuota } from './schema.ts'

/** Where a platform is, from what somebody wrote: with or without the path of the API. Undefined: no such address. */
export function baseUrlOf(text: string): string | undefined {
  const url = URL.parse(text.trim())
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  if (url.search !== '' || url.hash !== '') return undefined
  return url.origin + url.pathname.replace(/(\/api\/2)?\/*$/, '')
}

/**
 * Whether a raise that was begun, and whose end nobody saw, has happened: from what is read now. The platform takes a
 * change only as of the version that it names, so an unchanged version says no; the value that was asked for says yes.
 * Where somebody else wrote meanwhile, a quota at least as far says yes: what was paid for is there.
 */
export function hasHappened(begun: BegunRaise, now: ForeignQuota): boolean {
  if (now.value === null || now.value === begun.toValue) return true
  if (now.version === begun.fromVersion) return false
  return begun.toValue >= begun.fromValue ? now.value > begun.toValue : now.value < begun.toValue
}

/** What a tenant's own use is, where what is used there counts its users' in: never below nothing. */
export function ownUse(total: bigint, ofUsers: readonly bigint[]): bigint {
  const own = ofUsers.reduce((rest, used) => rest - used, total)
  return own > 0n ? own : 0n
}
