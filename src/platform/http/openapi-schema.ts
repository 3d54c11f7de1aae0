import { z } from 'zod'
import { toSnake } from './wire-names.ts'

export type JsonSchema = Record<string, unknown>

/** JSON Schema 2020-12 of a schema's wire side, names in snake_case. `closed`: unknown keys are refused. */
export function wireSchema(schema: z.ZodType, closed: boolean): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    reused: 'inline',
    override: ({ jsonSchema }) => rename(jsonSchema as JsonSchema, closed),
  }) as JsonSchema
  delete json['$schema']
  return json
}

function rename(schema: JsonSchema, closed: boolean): void {
  const properties = schema['properties'] as Record<string, JsonSchema> | undefined
  if (!properties) return
  schema['properties'] = Object.fromEntries(Object.entries(properties).map(([name, field]) => [toSnake(name), field]))
  const required = schema['required'] as string[] | undefined
  if (required) schema['required'] = required.map(toSnake)
  if (closed && schema['additionalProperties'] === undefined) schema['additionalProperties'] = false
}
