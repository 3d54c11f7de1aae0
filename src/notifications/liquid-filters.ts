import type { FilterImplOptions, Liquid } from 'liquidjs'

/** A filter is one step to the engine's limits, however much it does: so what it is given is small. */
const MAX_ITEMS = 1_000
const MAX_ARGUMENT_LENGTH = 1_000
/** Run an expression for each item: work that nobody bounds, and that no message needs. */
const WITH_EXPRESSION = /_exp$/
/** Takes a second list; to all others a list as an argument is one text, made again for every item. */
const OF_TWO_LISTS = 'concat'

const itemsOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0)

/** Lets the filters of an engine take only what they are done with at once. */
export function boundFilters(engine: Liquid): void {
  for (const [name, filter] of Object.entries(engine.filters)) {
    if (WITH_EXPRESSION.test(name)) delete engine.filters[name]
    else
      engine.filters[name] =
        typeof filter === 'function' ? bound(name, filter) : { ...filter, handler: bound(name, filter.handler) }
  }
}

type Handler = Extract<FilterImplOptions, (...args: never[]) => unknown>

const bound = (name: string, filter: Handler): Handler =>
  function (this: ThisParameterType<Handler>, value: unknown, ...args: unknown[]) {
    const isTooLong = args.some((arg) => typeof arg === 'string' && arg.length > MAX_ARGUMENT_LENGTH)
    if (itemsOf(value) > MAX_ITEMS || args.some((arg) => itemsOf(arg) > MAX_ITEMS) || isTooLong)
      throw new Error(
        `size limit exceeded: ${name} takes ${MAX_ITEMS} items and arguments of ${MAX_ARGUMENT_LENGTH} characters`,
      )
    if (name !== OF_TWO_LISTS && args.some((arg) => typeof arg === 'object' && arg !== null && !isPair(arg)))
      throw new Error(`${name} takes a text or a number`)
    return filter.call(this, value, ...args)
  }

/** A named argument: `{{ 1 | round: digits: 2 }}`. */
const isPair = (arg: object): boolean => Array.isArray(arg) && arg.length === 2 && typeof arg[0] === 'string'
