import type { PageText } from '../../messages/use-text.ts'

/** `March 2026`, of a first day. */
export const monthText = (text: Pick<PageText, 'locale'>, day: string): string =>
  new Intl.DateTimeFormat(text.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
