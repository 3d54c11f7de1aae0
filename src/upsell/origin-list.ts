import type { Db } from '../platform/db.ts'
import { everyOrigin } from './store.ts'

/** Who may ask from a page of another origin, in memory. Which user's alerts, the token decides. */
export interface OriginList {
  /** Headers that let a page read an alert operation's answer; undefined: no other origin, or not one of a console. */
  headersFor(url: string, origin: string | undefined): Readonly<Record<string, string>> | undefined
  refresh(): Promise<void>
}

const ALERTS = /^\/api\/v1\/alerts(?:\/stream)?(?:\?|$)/

export function createOriginList(db: Db): OriginList {
  let origins: ReadonlySet<string> = new Set()
  return {
    headersFor: (url, origin) =>
      origin !== undefined && origins.has(origin) && ALERTS.test(url)
        ? {
            'access-control-allow-origin': origin,
            'access-control-allow-headers': 'authorization, accept-language, last-event-id',
            'access-control-allow-methods': 'GET',
            'access-control-max-age': '600',
            vary: 'origin',
          }
        : undefined,
    async refresh() {
      origins = await everyOrigin(db)
    },
  }
}
