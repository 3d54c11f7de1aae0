import type { PageText } from '../../messages/use-text.ts'

/** A time in UTC to the minute, whatever the reader's own. */
export const utcText = (text: Pick<PageText, 'locale'>, iso: string): string =>
  new Intl.DateTimeFormat(text.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(iso),
  )
