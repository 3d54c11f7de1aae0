import { main } from './main.ts'

/** What a command line left behind. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process, with the given chunks as standard input. */
export async function runCli(
  argv: readonly string[],
  { input = [], env = {} }: { input?: readonly (string | Uint8Array)[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await main(
    argv,
    {
      input: (async function* () {
        for (const chunk of input) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
      })(),
      out: (line) => void (out += `${line}\n`),
      err: (line) => void (err += `${line}\n`),
      write: async (text) => void (out += text),
    },
    env,
  )
  return { code, out, err }
}
