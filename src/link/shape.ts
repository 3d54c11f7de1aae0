/** The shapes of the parts of a link (spec/buy-links.md "Codes"): what reading and writing both go by. */

/** A plan, a period, a resource, and a quantity: a decimal integer. */
export function isInteger(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x30 || unit > 0x39) return false
  }
  return text !== ''
}

/** A top-up: at most 12 digits before the point, above zero. How many may follow it is for the currency to say. */
export const isAmount = (text: string): boolean => /^\d{1,12}(\.\d+)?$/.test(text) && /[1-9]/.test(text)

export const isManagerKey = (text: string): boolean => /^[A-Za-z0-9_.-]{1,64}$/.test(text)

/** The one name known of the platform we are compatible with; others are kept and handed on, with a warning. */
export const KNOWN_ORDER_TYPES: readonly string[] = ['SalesOrder']
