/**
 * What a VAT identification number looks like, by country: of the Union as its Commission lists them (VIES, "Structure of
 * the VAT numbers"), of neighbours as their tax offices do. The form alone is checked; whether a number is in force is
 * asked of nobody.
 */
const FORMS: Readonly<Record<string, { readonly prefix: string; readonly rest: RegExp }>> = Object.fromEntries(
  Object.entries({
    AT: /U\d{8}/,
    BE: /[01]\d{9}/,
    BG: /\d{9,10}/,
    CH: /E\d{9}(?:MWST|TVA|IVA)?/,
    CY: /\d{8}[A-Z]/,
    CZ: /\d{8,10}/,
    DE: /\d{9}/,
    DK: /\d{8}/,
    EE: /\d{9}/,
    ES: /(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])/,
    FI: /\d{8}/,
    FR: /[A-HJ-NP-Z0-9]{2}\d{9}/,
    GB: /(?:\d{9}|\d{12})/,
    GR: /\d{9}/,
    HR: /\d{11}/,
    HU: /\d{8}/,
    IE: /(?:\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])/,
    IT: /\d{11}/,
    LT: /(?:\d{9}|\d{12})/,
    LU: /\d{8}/,
    LV: /\d{11}/,
    MT: /\d{8}/,
    NL: /[A-Z0-9+*]{10}\d{2}/,
    NO: /\d{9}(?:MVA)?/,
    PL: /\d{10}/,
    PT: /\d{9}/,
    RO: /\d{2,10}/,
    SE: /\d{10}01/,
    SI: /\d{8}/,
    SK: /\d{10}/,
  }).map(([country, rest]) => [country, { prefix: country === 'GR' ? 'EL' : country, rest }]),
)

/** Countries whose numbers are not of the Union's system. */
const ELSEWHERE = new Set(['CH', 'GB', 'NO'])

export const hasVatForm = (country: string | null): boolean => country !== null && country in FORMS

/** Whether the country is of the European Union's VAT system. */
export const isUnion = (country: string | null): boolean => hasVatForm(country) && !ELSEWHERE.has(country ?? '')

/** Whether it has the form of a VAT id of the country, its prefix with it; blanks, dots and hyphens do not count. */
export function isVatId(country: string | null, vatId: string): boolean {
  const form = country === null ? undefined : FORMS[country]
  if (!form) return false
  const id = vatId.toUpperCase().replace(/[\s.-]/g, '')
  return id.startsWith(form.prefix) && new RegExp(`^(?:${form.rest.source})$`).test(id.slice(form.prefix.length))
}
