import type { Problem } from '../kernel/errors.ts'
import { hasVatForm, isVatId } from '../kernel/vat-id.ts'
import type { AccountDetails } from './schema.ts'

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** Whether it is a country of ISO 3166-1 (alpha-2, capitals). */
export const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && regions.of(code) !== undefined

const REQUIRED = [
  ['city', 'Enter the city.'],
  ['street', 'Enter the street and number.'],
  ['zip', 'Enter the postal code.'],
] as const

/** Everything that is missing or wrong in a full registration, together; an empty list is good. */
export function registrationProblems(
  details: AccountDetails,
  person: { readonly firstName: string; readonly lastName: string },
): Problem[] {
  const problems: Problem[] = []
  const miss = (path: string, message: string) => problems.push({ path, code: 'required', message })
  if (person.firstName === '') miss('first_name', 'Enter your first name.')
  if (person.lastName === '') miss('last_name', 'Enter your last name.')
  if (details.customerType === 'business' && !details.companyName) miss('company_name', 'Enter the company’s name.')
  if (!isCountry(details.country))
    problems.push({ path: 'country', code: 'invalid', message: 'Choose a country from the list.' })
  if (details.vatId && hasVatForm(details.country) && !isVatId(details.country, details.vatId))
    problems.push({
      path: 'vat_id',
      code: 'invalid',
      message: 'This is no VAT number of that country. It begins with letters of the country, such as DE123456789.',
    })
  for (const [field, message] of REQUIRED) if (details[field] === '') miss(field, message)
  return problems
}

/** What an account is called: the company, else the person. */
export const accountName = (
  details: { readonly customerType: 'business' | 'person'; readonly companyName?: string | undefined },
  person: { readonly firstName: string; readonly lastName: string },
): string =>
  details.customerType === 'business' && details.companyName
    ? details.companyName
    : `${person.firstName} ${person.lastName}`.trim()

/**
 * Where a registered customer is led back to: a page of the control panel on the same origin, else its home.
 * Resolved as a browser would, so that `//host`, backslashes and dot segments lead nowhere else.
 */
export function safeReturnTo(path: string | undefined): string {
  if (path === undefined || !path.startsWith('/client/')) return '/client/'
  const url = URL.parse(path, 'http://store.invalid')
  const staysHere = url?.origin === 'http://store.invalid' && url.pathname.startsWith('/client/')
  // The bytes are kept: a buy-link's query must arrive as it was written.
  return staysHere ? path : '/client/'
}
