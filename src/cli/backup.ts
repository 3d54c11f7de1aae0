import { resolve } from 'node:path'
import { StartError } from '../platform/start-error.ts'
import { command, UsageError } from './command.ts'

/** Copies a data directory with its embedded database, while the server runs or not. */
export const backup = command({
  name: 'backup',
  summary: 'Copy the data directory (BUYLINK_DATA, ./data without it) to a new folder, while the server runs or not',
  args: 'FOLDER',
  options: {},
  async run(_options, { io, env, args: [to, ...more] }) {
    if (to === undefined || more.length > 0) throw new UsageError('Name one folder that does not exist yet.')
    if (env['DATABASE_URL'])
      throw new UsageError(
        'DATABASE_URL is set: back that server up with pg_basebackup or pg_dump (docs/operations.md).',
      )
    // Loaded for this one alone: the other commands need no database driver.
    const { backUp } = await import('../platform/postgres/back-up.ts')
    try {
      const { isOnline, files, bytes } = await backUp(resolve(env['BUYLINK_DATA'] || 'data'), resolve(to))
      io.out(
        `${to}: ${files} files, ${(bytes / 2 ** 20).toFixed(1)} MiB, copied ${isOnline ? 'while the server runs' : 'at rest'}.`,
      )
      io.out(`It holds the secret too: keep it safe. To go back to it, start a server with BUYLINK_DATA=${to}.`)
      return 0
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      io.err(`buylink backup: ${error.message}.`)
      return 1
    }
  },
})
