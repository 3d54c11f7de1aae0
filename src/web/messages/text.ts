import type { WireMoney } from '../../kernel/money.ts'
import { formatMessage, type MessageValues } from './format-message.ts'

export type DurationValue = { readonly value: number; readonly unit: 'days' | 'months' | 'years' } | null

/** Everything a page says and how it says it, in one reader's language: `t` for sentences, the rest for values. */
export interface Text<Key extends string = string> {
  readonly locale: string
  t(key: Key, values?: MessageValues): string
  /** `$49.00`; `code` adds the ISO code where the sign alone is ambiguous: `$49.00 USD`; `trim` drops `.00`. */
  money(money: WireMoney, options?: { code?: boolean; trim?: boolean }): string
  number(value: number | string): string
  /** `23 Nov 2026` */
  date(iso: string): string
  /** To the second, with the time zone: what one sees when hovering a relative time. */
  instant(iso: string): string
  /** `in 3 days`, `5 minutes ago`; a plain date beyond 30 days. */
  relative(iso: string, nowMs: number): string
}

const STEPS: readonly [limitSeconds: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [30 * 86_400, 'day', 86_400],
]

/**
 * Makes the texts of one reader.
 *
 * @param locale BCP 47 with region where known (`en-GB`): decides plural forms, money, dates.
 * @param catalogues The reader's language first, English last; the first that has a key wins.
 */
export function createText<Key extends string>(
  locale: string,
  catalogues: readonly Readonly<Partial<Record<Key, string>>>[],
): Text<Key> {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 12 })
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const currencies = new Map<string, Intl.NumberFormat>()
  const currencyFormat = (currency: string, trim: boolean): Intl.NumberFormat => {
    const key = `${currency}${trim}`
    let format = currencies.get(key)
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        ...(trim ? { trailingZeroDisplay: 'stripIfInteger' as const } : {}),
      })
      currencies.set(key, format)
    }
    return format
  }
  return {
    locale,
    t(key, values = {}) {
      for (const catalogue of catalogues) {
        const message = catalogue[key]
        if (message !== undefined) return formatMessage(message, values, locale)
      }
      return key
    },
    money({ amount, currency }, { code = false, trim = false } = {}) {
      // Decimal strings go to Intl as they are, so no amount passes through a binary fraction.
      const text = currencyFormat(currency, trim).format(amount as Intl.StringNumericLiteral)
      // Only a sign that several currencies share needs its code beside it.
      return code && /[$¥]/.test(text) && !/[A-Z]/.test(text) ? `${text} ${currency}` : text
    },
    number: (value) => numbers.format(value as Intl.StringNumericLiteral),
    date: (iso) => dates.format(new Date(iso)),
    instant: (iso) => instants.format(new Date(iso)),
    relative(iso, nowMs) {
      const seconds = Math.round((Date.parse(iso) - nowMs) / 1000)
      for (const [limit, unit, size] of STEPS)
        if (Math.abs(seconds) < limit) return relatives.format(Math.trunc(seconds / size), unit)
      return dates.format(new Date(iso))
    },
  }
}

/** Languages with a catalogue. */
export const LANGUAGES = ['en'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * Chooses the language: link `lang`, account, browser, store default, in this order; English where none fits.
 * `de-AT` asks for `de`.
 */
export function chooseLanguage(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const base = wish?.toLowerCase().split(/[-_]/)[0]
    const known = LANGUAGES.find((language) => language === base)
    if (known) return known
  }
  return 'en'
}

/**
 * The reader's own regional form of the chosen language (`en` with a browser in `en-GB`), for money and dates. A tag
 * that is none is passed over: Chromium under the C locale says `en-US@posix`, which `Intl` refuses.
 */
export const chooseLocale = (language: string, browser: readonly string[]): string =>
  browser.find((tag) => tag.toLowerCase().split('-')[0] === language && isLanguageTag(tag)) ?? language

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
