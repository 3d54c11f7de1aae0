import type { Command } from './command.ts'

/** The list of commands. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: buylink COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'buylink COMMAND --help says more. Exit code: 0 good, 1 problems, 2 usage.',
    'BUYLINK_SERVER is the server (http://localhost:8080 without it); BUYLINK_CLIENT_ID and BUYLINK_CLIENT_SECRET',
    'are the API client, for commands that are not public.',
  ].join('\n')
}

/** What one command takes. */
export function usageOf({ name, summary, args, options }: Command): string {
  const rows = Object.entries(options).map(([option, { value, help }]): [string, string] => [
    `--${option}${value ? ` ${value}` : ''}`,
    help,
  ])
  const width = Math.max(0, ...rows.map(([option]) => option.length))
  const usage = ['Usage: buylink', name, rows.length > 0 ? '[OPTIONS]' : '', args]
    .filter((part) => part !== '')
    .join(' ')
  return [
    usage,
    '',
    `${summary}.`,
    ...(rows.length > 0 ? [''] : []),
    ...rows.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
  ].join('\n')
}
