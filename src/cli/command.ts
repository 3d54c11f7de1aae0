import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import type { Client } from '../sdk/index.ts'
import type { Io } from './io.ts'

/** An option of a command: what `parseArgs` needs, and what `--help` says. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly help: string
  /** What stands for the value in `--help`, such as `ID`. */
  readonly value?: string
}

/** What a command works with beside its options. */
export interface Context {
  readonly io: Io
  readonly env: NodeJS.ProcessEnv
  /** The arguments that are no options. */
  readonly args: readonly string[]
  /** The server of `BUYLINK_SERVER`, with the credentials of the environment where a command needs them. */
  client(access?: 'public' | 'authenticated'): Client
}

/** Exit codes (spec/buy-links.md "Writing, explaining, checking"): 0 good, 1 problems, 2 usage. */
export type ExitCode = 0 | 1 | 2

/** A command as dispatch and `--help` see it. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The arguments that are no options, such as `URL`. */
  readonly args: string
  readonly options: Readonly<Record<string, Option>>
  /** @throws {UsageError} The arguments do not fit. */
  start(argv: readonly string[], context: Omit<Context, 'args'>): Promise<ExitCode>
}

/** The arguments do not fit: the message goes to the terminal, with the usage, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

type Values<Options extends Record<string, Option>> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>['values']

/** Defines a command; its options give `run` the type of its values. */
export function command<const Options extends Record<string, Option>>(definition: {
  name: string
  summary: string
  args?: string
  options: Options
  run(values: Values<Options>, context: Context): Promise<ExitCode>
}): Command {
  const { name, summary, args = '', options, run } = definition
  return {
    name,
    summary,
    args,
    options,
    async start(argv, context) {
      const { values, positionals } = parse(argv, options)
      if (args === '' && positionals.length > 0) throw new UsageError(`Unexpected argument “${positionals[0]}”.`)
      return run(values, { ...context, args: positionals })
    },
  }
}

function parse<Options extends Record<string, Option>>(argv: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
