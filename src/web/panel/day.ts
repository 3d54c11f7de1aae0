import type { PageText } from '../messages/use-text.ts'

/** A day in UTC, whatever the reader's own time. */
export const dayText = (text: Pick<PageText, 'locale'>, day: string): string =>
  new Intl.DateTimeFormat(text.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
