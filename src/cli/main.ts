import { ApiError, type Client, createClient, UnreachableError } from '../sdk/index.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { apply } from './apply.ts'
import { backup } from './backup.ts'
import { exportConfiguration } from './export.ts'
import { overview, usageOf } from './help.ts'
import { type Io, processIo } from './io.ts'
import { ledgerVerify } from './ledger-verify.ts'
import { linkBuild } from './link-build.ts'
import { linkExplain } from './link-explain.ts'
import { linkLint } from './link-lint.ts'
import { linkParse } from './link-parse.ts'
import { upsellExplain } from './upsell-explain.ts'
import { upsellLinkCommand } from './upsell-link.ts'

const COMMANDS: readonly Command[] = [
  linkParse,
  linkBuild,
  linkExplain,
  linkLint,
  upsellLinkCommand,
  upsellExplain,
  apply,
  exportConfiguration,
  ledgerVerify,
  backup,
]

/**
 * Runs one command line. Never throws what a user can cause: wrong arguments give the usage and 2, a refusal of the
 * server or its absence a line and 1.
 *
 * @param argv The arguments after the program's name.
 */
export async function main(argv: readonly string[], io: Io, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const found = COMMANDS.find(({ name }) => name.split(' ').every((word, at) => argv[at] === word))
  if (!found) return withoutCommand(argv, io)
  const rest = argv.slice(found.name.split(' ').length)
  const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (options.includes('--help') || options.includes('-h')) {
    io.out(usageOf(found))
    return 0
  }
  try {
    return await found.start(rest, { io, env, client: (access) => clientOf(env, access) })
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`buylink ${found.name}: ${error.message}`)
      io.err(`buylink ${found.name} --help says how it is used.`)
      return 2
    }
    if (!(error instanceof ApiError || error instanceof UnreachableError)) throw error
    io.err(`buylink ${found.name}: ${error.message}`)
    if (error instanceof UnreachableError) io.err('BUYLINK_SERVER says which server to ask.')
    else
      for (const { code, message, path } of error.problems) io.err(`  ${message} (${path ? `${code}, ${path}` : code})`)
    return 1
  }
}

function withoutCommand(argv: readonly string[], io: Io): ExitCode {
  if (['--help', '-h', 'help'].includes(argv[0] ?? '')) {
    io.out(overview(COMMANDS))
    return 0
  }
  if (argv.length > 0) io.err(`buylink: there is no command “${argv.join(' ')}”.`)
  io.err(overview(COMMANDS))
  return 2
}

/** @throws {UsageError} The command needs credentials and the environment has none. */
function clientOf(env: NodeJS.ProcessEnv, access: 'public' | 'authenticated' = 'public'): Client {
  const server = env.BUYLINK_SERVER || 'http://localhost:8080'
  if (!/^https?:\/\/[^/]/.test(server)) throw new UsageError(`BUYLINK_SERVER is no http(s) URL: “${server}”.`)
  if (access === 'public') return createClient({ server })
  const { BUYLINK_CLIENT_ID: clientId, BUYLINK_CLIENT_SECRET: clientSecret } = env
  if (!clientId || !clientSecret) throw new UsageError('Set BUYLINK_CLIENT_ID and BUYLINK_CLIENT_SECRET.')
  return createClient({ server, credentials: { clientId, clientSecret } })
}

/** Runs this process as the command line. The exit code is set, not forced: what was written still gets out. */
export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processIo(), process.env)
}
