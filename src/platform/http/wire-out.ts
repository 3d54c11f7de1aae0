import { z } from 'zod'
import { definitionOf, toSnake, unwrap, valuesOf, WRAPPERS } from './wire-names.ts'

/** Writes a value for JSON: codecs encoded, keys in snake_case, nothing that the schema does not name. */
export type Writer = (value: unknown) => unknown

const keep: Writer = (value) => value
const compiled = new WeakMap<z.ZodType, Writer>()

/**
 * camelCase inside → snake_case of the wire, compiled once a schema. It trusts the types and does not check values
 * again (`z.encode` would cost several times as much); what the schema does not name never leaves the server.
 *
 * @throws {TypeError} JSON cannot carry the schema: a bare bigint or Date, a transform without a way back.
 */
export function writerOf(schema: z.ZodType): Writer {
  const known = compiled.get(schema)
  if (known) return known
  // A schema that contains itself meets this one while the real writer is being made.
  compiled.set(schema, (value) => writerOf(schema)(value))
  const writer = compile(schema)
  compiled.set(schema, writer)
  return writer
}

function compile(schema: z.ZodType): Writer {
  const definition = definitionOf(schema)
  if (definition.innerType && WRAPPERS.has(definition.type)) {
    const write = writerOf(definition.innerType)
    return write === keep ? keep : (value) => (value === null || value === undefined ? value : write(value))
  }
  switch (definition.type) {
    case 'object':
      return objectWriter(schema)
    case 'array': {
      const write = definition.element ? writerOf(definition.element) : keep
      return write === keep ? keep : (value) => (value as readonly unknown[]).map(write)
    }
    case 'tuple': {
      const writers = (definition.items ?? []).map(writerOf)
      const rest = definition.rest ? writerOf(definition.rest) : keep
      return (value) => (value as readonly unknown[]).map((item, index) => (writers[index] ?? rest)(item))
    }
    case 'record': {
      const write = definition.valueType ? writerOf(definition.valueType) : keep
      if (write === keep) return keep
      return (value) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, write(item)]))
    }
    case 'union':
      return unionWriter(definition.options ?? [], definition.discriminator)
    case 'intersection': {
      const writers = [definition.left, definition.right].map((side) => (side ? writerOf(side) : keep))
      return (value) => Object.assign({}, ...writers.map((write) => write(value)))
    }
    case 'pipe':
      return pipeWriter(schema)
    case 'lazy': {
      const getter = definition.getter
      return getter ? (value) => writerOf(getter())(value) : keep
    }
    case 'bigint':
    case 'date':
      throw new TypeError(`An output has a bare ${definition.type}: use Whole, Version or Instant of http/schemas.ts`)
    default:
      return keep
  }
}

function objectWriter(schema: z.ZodType): Writer {
  const { shape = {}, catchall } = definitionOf(schema)
  const fields = Object.entries(shape).map(([name, field]) => ({ name, wire: toSnake(name), write: writerOf(field) }))
  const takesOthers = catchall !== undefined && definitionOf(catchall).type !== 'never'
  return (value) => {
    const inside = value as Record<string, unknown>
    const wire: Record<string, unknown> = {}
    for (const field of fields) {
      const item = inside[field.name]
      if (item !== undefined) wire[field.wire] = field.write === keep ? item : field.write(item)
    }
    if (takesOthers) for (const key of Object.keys(inside)) if (!(key in shape)) wire[key] = inside[key]
    return wire
  }
}

function pipeWriter(schema: z.ZodType): Writer {
  const definition = definitionOf(schema)
  const { in: wireSide, out: innerSide, reverseTransform } = definition
  if (!wireSide || !innerSide) return keep
  if (definitionOf(wireSide).type === 'transform' || definitionOf(innerSide).type === 'transform')
    throw new TypeError('An output has a transform without a way back: use z.codec')
  const writeWire = writerOf(wireSide)
  if (!reverseTransform) {
    const writeInner = writerOf(innerSide)
    return (value) => writeWire(writeInner(value))
  }
  return (value) => {
    const wire = reverseTransform(value, { value, issues: [] })
    return writeWire === keep ? wire : writeWire(wire)
  }
}

function unionWriter(options: readonly z.ZodType[], discriminator: string | undefined): Writer {
  const writers = options.map(writerOf)
  if (writers.every((write) => write === keep)) return keep
  if (discriminator !== undefined) {
    const byValue = new Map<unknown, Writer>()
    for (const [index, option] of options.entries()) {
      const field = definitionOf(unwrap(option)).shape?.[discriminator]
      for (const value of field ? valuesOf(field) : []) byValue.set(value, writers[index] ?? keep)
    }
    return (value) => (byValue.get((value as Record<string, unknown>)[discriminator]) ?? keep)(value)
  }
  return (value) => {
    if (value === null || value === undefined) return value
    const index = options.findIndex((option) => z.safeEncode(option, value).success)
    if (index < 0) throw new TypeError('A value fits no option of its union')
    return (writers[index] ?? keep)(value)
  }
}
