import type { z } from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { definitionOf, toSnake, unwrap, valuesOf, WRAPPERS } from './wire-names.ts'

/** Renames the keys of what came over the wire; collects what no schema knows. Values are left for zod to check. */
export type Reader = (wire: unknown, path: string, problems: Problem[]) => unknown

const keep: Reader = (wire) => wire
const compiled = new WeakMap<z.ZodType, Reader>()

/** snake_case of the wire → camelCase, as far as `schema` has objects; compiled once a schema. */
export function readerOf(schema: z.ZodType): Reader {
  const known = compiled.get(schema)
  if (known) return known
  // A schema that contains itself meets this one while the real reader is being made.
  compiled.set(schema, (wire, path, problems) => readerOf(schema)(wire, path, problems))
  const reader = compile(schema)
  compiled.set(schema, reader)
  return reader
}

function compile(schema: z.ZodType): Reader {
  const definition = definitionOf(schema)
  if (definition.innerType && WRAPPERS.has(definition.type)) return readerOf(definition.innerType)
  switch (definition.type) {
    case 'object':
      return objectReader(schema)
    case 'array':
      return definition.element ? arrayReader(() => readerOf(definition.element as z.ZodType)) : keep
    case 'tuple':
      return tupleReader(definition.items ?? [], definition.rest ?? undefined)
    case 'record':
      return definition.valueType ? recordReader(readerOf(definition.valueType)) : keep
    case 'union':
      return unionReader(definition.options ?? [], definition.discriminator)
    case 'pipe':
      return definition.in ? readerOf(definition.in) : keep
    case 'lazy': {
      const getter = definition.getter
      return getter ? (wire, path, problems) => readerOf(getter())(wire, path, problems) : keep
    }
    default:
      return keep
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const join = (path: string, name: string | number): string => (path === '' ? String(name) : `${path}.${name}`)

function objectReader(schema: z.ZodType): Reader {
  const { shape = {}, catchall } = definitionOf(schema)
  const fields = new Map(Object.entries(shape).map(([name, field]) => [toSnake(name), { name, read: readerOf(field) }]))
  const takesOthers = catchall !== undefined && definitionOf(catchall).type !== 'never'
  return (wire, path, problems) => {
    if (!isRecord(wire)) return wire
    const inside: Record<string, unknown> = {}
    for (const key of Object.keys(wire)) {
      const field = fields.get(key)
      if (field) {
        const value = wire[key]
        inside[field.name] = field.read === keep ? value : field.read(value, join(path, key), problems)
      } else if (takesOthers && key !== '__proto__') inside[key] = wire[key]
      else problems.push({ path: join(path, key), code: 'unknown_key', message: unknownKey(key, fields) })
    }
    return inside
  }
}

function unknownKey(key: string, fields: ReadonlyMap<string, unknown>): string {
  const snake = toSnake(key).replaceAll('-', '_')
  return snake !== key && fields.has(snake) ? `There is no such field; it is called ${snake}` : 'There is no such field'
}

function arrayReader(element: () => Reader): Reader {
  let read: Reader | undefined
  return (wire, path, problems) => {
    read ??= element()
    if (read === keep || !Array.isArray(wire)) return wire
    const each = read
    return wire.map((item, index) => each(item, join(path, index), problems))
  }
}

function tupleReader(items: readonly z.ZodType[], rest: z.ZodType | undefined): Reader {
  const readers = items.map(readerOf)
  const readRest = rest ? readerOf(rest) : keep
  return (wire, path, problems) =>
    Array.isArray(wire)
      ? wire.map((item, index) => (readers[index] ?? readRest)(item, join(path, index), problems))
      : wire
}

function recordReader(read: Reader): Reader {
  if (read === keep) return keep
  return (wire, path, problems) =>
    isRecord(wire)
      ? Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, read(value, join(path, key), problems)]))
      : wire
}

function unionReader(options: readonly z.ZodType[], discriminator: string | undefined): Reader {
  const readers = options.map(readerOf)
  if (readers.every((read) => read === keep)) return keep
  if (discriminator !== undefined) {
    const name = toSnake(discriminator)
    const byValue = new Map<unknown, Reader>()
    for (const [index, option] of options.entries()) {
      const field = definitionOf(unwrap(option)).shape?.[discriminator]
      for (const value of field ? valuesOf(field) : []) byValue.set(value, readers[index] ?? keep)
    }
    return (wire, path, problems) =>
      ((isRecord(wire) ? byValue.get(wire[name]) : undefined) ?? readers[0] ?? keep)(wire, path, problems)
  }
  // Without a discriminator: the option that accepts it, else the one that knows most of its keys, for good messages.
  return (wire, path, problems) => {
    let best: { value: unknown; found: Problem[] } | undefined
    for (const [index, option] of options.entries()) {
      const found: Problem[] = []
      const value = (readers[index] ?? keep)(wire, path, found)
      if (found.length === 0 && option.safeParse(value).success) return value
      if (!best || (readers[index] !== keep && found.length < best.found.length)) best = { value, found }
    }
    problems.push(...(best?.found ?? []))
    return best?.value
  }
}
