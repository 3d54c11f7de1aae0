import type { z } from 'zod'

/** What zod keeps of a schema. Its own type is a union too wide to be of use: each kind has other members. */
export interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly element?: z.ZodType
  readonly items?: readonly z.ZodType[]
  readonly rest?: z.ZodType | null
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly discriminator?: string
  readonly innerType?: z.ZodType
  readonly left?: z.ZodType
  readonly right?: z.ZodType
  readonly in?: z.ZodType
  readonly out?: z.ZodType
  readonly reverseTransform?: (value: unknown, payload: { value: unknown; issues: unknown[] }) => unknown
  readonly getter?: () => z.ZodType
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, unknown>>
}

export const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition

/** `planPeriodId` is `plan_period_id` on the wire. */
export const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Kinds that only wrap another schema of the same shape. */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'optional',
  'nullable',
  'nonoptional',
  'readonly',
  'default',
  'prefault',
  'catch',
])

/** Follows wrappers, codecs (to their wire side) and lazy schemas down to what has a shape of its own. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const definition = definitionOf(schema)
  if (definition.innerType && WRAPPERS.has(definition.type)) return unwrap(definition.innerType)
  if (definition.type === 'pipe' && definition.in) return unwrap(definition.in)
  if (definition.type === 'lazy' && definition.getter) return unwrap(definition.getter())
  return schema
}

/** The values that a literal or an enum takes. */
export function valuesOf(schema: z.ZodType): readonly unknown[] {
  const { values, entries } = definitionOf(unwrap(schema))
  return values ?? Object.values(entries ?? {})
}

/** The path of a problem in names of the wire: `resources.0.plan_id`. Keys of records stay as they were sent. */
export function wirePath(schema: z.ZodType, path: readonly PropertyKey[]): string {
  const names: string[] = []
  let at: z.ZodType | undefined = schema
  for (const part of path) {
    const found: z.ZodType | undefined = at && shapeWith(at, String(part))
    const definition: Definition | undefined = found && definitionOf(found)
    names.push(definition?.type === 'object' ? toSnake(String(part)) : String(part))
    at =
      definition?.shape?.[String(part)] ??
      definition?.element ??
      definition?.valueType ??
      definition?.items?.[Number(part)]
  }
  return names.join('.')
}

/** Of a union, the option that knows the name; else the schema itself. */
function shapeWith(schema: z.ZodType, name: string): z.ZodType {
  const plain = unwrap(schema)
  const { type, options, left, right } = definitionOf(plain)
  const candidates = type === 'union' ? options : type === 'intersection' && left && right ? [left, right] : undefined
  const found = candidates?.map((option) => shapeWith(option, name))
  return found?.find((option) => name in (definitionOf(option).shape ?? {})) ?? found?.[0] ?? plain
}
