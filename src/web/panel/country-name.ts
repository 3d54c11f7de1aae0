/** A country by its ISO 3166-1 code, in the reader's language. */
export const countryName = (locale: string, code: string): string =>
  new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code
