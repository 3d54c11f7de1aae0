import type { Variables } from './liquid.ts'

/** Longer values are cut: they are there to be recognised. */
const LONGEST = 120

/** What a text may say, `order.total`, and what it is for the event at hand. */
export interface NamedValue {
  readonly name: string
  readonly value: string
}

/** Every variable of an event by its full name, as a template writes it; a list and what is not there as JSON. */
export const listVariables = (variables: Variables): NamedValue[] =>
  Object.entries(variables).flatMap(([name, value]) => namesBelow(name, value))

function namesBelow(name: string, value: unknown): NamedValue[] {
  if (value === undefined) return []
  if (isGroup(value)) return Object.entries(value).flatMap(([key, each]) => namesBelow(`${name}.${key}`, each))
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return [{ name, value: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text }]
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
