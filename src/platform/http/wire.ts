import { z } from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { readerOf } from './wire-in.ts'
import { wirePath } from './wire-names.ts'
import { writerOf } from './wire-out.ts'

/**
 * The one conversion at the HTTP edge: snake_case and wire forms outside, camelCase and our own values inside, both by
 * the schema. Keys of records and of unknown values are data and stay as they are.
 */
export interface Wire<Schema extends z.ZodType> {
  /** Renames, refuses unknown keys and checks. All problems at once, their paths in names of the wire. */
  read(wire: unknown): { ok: true; value: z.output<Schema> } | { ok: false; problems: Problem[] }
  /** What `JSON.stringify` takes; only what the schema names. */
  write(value: z.output<Schema>): unknown
  /** Compiles the writer now. @throws {TypeError} JSON cannot carry the schema. */
  prepare(): void
  /** For tests. @throws {Error} The value does not match the schema. */
  check(value: z.output<Schema>): void
}

export function wireOf<Schema extends z.ZodType>(schema: Schema): Wire<Schema> {
  const read = readerOf(schema)
  let write: ReturnType<typeof writerOf> | undefined
  return {
    read(wire) {
      const problems: Problem[] = []
      const renamed = read(wire, '', problems)
      const result = schema.safeParse(renamed)
      if (!result.success) problems.push(...result.error.issues.flatMap((issue) => problemsOf(schema, issue)))
      if (problems.length > 0 || !result.success) return { ok: false, problems }
      return { ok: true, value: result.data }
    },
    write(value) {
      write ??= writerOf(schema)
      return write(value)
    },
    prepare() {
      write ??= writerOf(schema)
    },
    check: (value) => void z.encode(schema, value),
  }
}

type Issue = z.core.$ZodIssue

function problemsOf(schema: z.ZodType, issue: Issue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const parent = wirePath(schema, issue.path)
    return issue.keys.map((key) => ({
      path: parent === '' ? key : `${parent}.${key}`,
      code: 'unknown_key',
      message: 'There is no such field',
    }))
  }
  const isMissing =
    issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)
  return [
    {
      path: wirePath(schema, issue.path),
      code: isMissing ? 'required' : issue.code,
      message: isMissing ? 'Is required' : issue.message,
    },
  ]
}
