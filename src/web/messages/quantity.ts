import type { PageText } from './use-text.ts'

/**
 * So many of a resource, as one says it: 5 of `100 GB` are `500 GB`, 7 of `GB` are `7 GB`, 10 of `workstation` are `10`
 * (the resource's name beside it says of what).
 */
/** What a resource is called beside a field for its number: the unit where it is not simply one of them. */
export const resourceName = (name: string, unit: string): string =>
  /\d|^[KMGTP]?B$/.test(unit) ? `${name} (${unit})` : name

export function quantityOf(text: Pick<PageText, 'number'>, quantity: number, unit: string): string {
  const pack = /^(\d+) (.+)$/.exec(unit)
  if (!pack) return /^[KMGTP]?B$/.test(unit) ? `${text.number(quantity)} ${unit}` : text.number(quantity)
  return `${text.number(quantity * Number(pack[1]))} ${pack[2]}`
}
