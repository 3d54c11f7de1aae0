import type { z } from 'zod'
import { BuylinkError, type Problem } from '../../kernel/errors.ts'
import type { AnyRoute } from './route.ts'
import type { Wire } from './wire.ts'
import { definitionOf, toSnake, unwrap } from './wire-names.ts'

/** Where a request keeps its parts, as the framework read them. */
export interface RequestParts {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly body: unknown
}

export const pathNames = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')

/** Fields of the input by where they come from. A method without a body has the rest in its query. */
export function placesOf(route: AnyRoute): { path: string[]; query: string[]; body: string[] } {
  const path = pathNames(route.path)
  const rest = Object.keys(definitionOf(unwrap(route.input)).shape ?? {}).filter((name) => !path.includes(name))
  if (route.method === 'GET' || route.method === 'DELETE') return { path, query: rest, body: [] }
  const query = rest.filter((name) => route.query?.includes(name))
  return { path, query, body: rest.filter((name) => !query.includes(name)) }
}

/**
 * Makes the one checked input of a route from path, query and body.
 *
 * @returns A function that throws {BuylinkError} `invalid_request` naming every problem, and `not_found` where the path
 *   names what cannot exist: that answers as what does not exist.
 */
export function inputReader(route: AnyRoute, wire: Wire<z.ZodType>): (parts: RequestParts) => unknown {
  const shape = definitionOf(unwrap(route.input)).shape ?? {}
  const places = placesOf(route)
  const pathParts = new Set(places.path.map(toSnake))
  const queryFields = new Map(places.query.map((name) => [toSnake(name), isList(shape[name])]))
  const catchall = definitionOf(unwrap(route.input)).catchall
  const takesAnything = catchall !== undefined && definitionOf(catchall).type !== 'never'
  const hasBody = route.method !== 'GET' && route.method !== 'DELETE'

  return ({ params, query, body }) => {
    const problems: Problem[] = []
    const input: Record<string, unknown> = hasBody ? copyBody(body, problems, pathParts, queryFields) : {}
    for (const name of Object.keys(query)) {
      const value = query[name]
      const wantsList = queryFields.get(name)
      if (wantsList === undefined) {
        if (takesAnything && !hasBody && !pathParts.has(name)) input[name] = value
        else problems.push({ path: name, code: 'unknown_key', message: 'There is no such query parameter' })
      } else if (wantsList) input[name] = typeof value === 'string' ? [value] : value
      else if (typeof value === 'string') input[name] = value
      else problems.push({ path: name, code: 'repeated', message: 'Give it once' })
    }
    for (const name of places.path) input[toSnake(name)] = params[name]

    const result = wire.read(input)
    if (result.ok && problems.length === 0) return result.value
    if (!result.ok) problems.push(...result.problems)
    if (problems.some(({ path }) => pathParts.has(path)))
      throw new BuylinkError('not_found', 'There is nothing at this address.')
    throw new BuylinkError('invalid_request', sentence(problems), { problems })
  }
}

function copyBody(
  body: unknown,
  problems: Problem[],
  pathParts: ReadonlySet<string>,
  queryFields: ReadonlyMap<string, boolean>,
): Record<string, unknown> {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new BuylinkError('invalid_request', 'The body must be a JSON object.')
  }
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    if (pathParts.has(name) || queryFields.has(name) || name === '__proto__') {
      problems.push({
        path: name === '__proto__' ? 'body' : `body.${name}`,
        code: 'unknown_key',
        message: 'It does not belong into the body',
      })
    } else input[name] = value
  }
  return input
}

const isList = (field: z.ZodType | undefined): boolean =>
  field !== undefined && definitionOf(unwrap(field)).type === 'array'

function sentence(problems: readonly Problem[]): string {
  const [first] = problems
  if (!first) return 'The request is not valid.'
  const place = first.path === '' ? '' : `${first.path}: `
  const more = problems.length - 1
  return `${place}${first.message}${more > 0 ? ` (and ${more} more)` : ''}.`
}
