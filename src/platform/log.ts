import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

export type { Logger } from 'pino'

/** Names under which a secret or personal data could slip into a log line by mistake. */
const HIDDEN = ['password', 'secret', 'token', 'authorization', 'cookie', 'email', 'to', 'recipient']

/**
 * JSON lines on standard output. A line has ids, never names, addresses or secrets.
 *
 * @param level `info` by default; `debug` writes a line for every request.
 */
export function createLogger(
  options: { readonly level?: string; readonly destination?: DestinationStream } = {},
): Logger {
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** What a log line keeps of an error. The driver adds the values of a statement to its errors: those stay out. */
export const errorFacts = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    name: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    stack: error.stack,
    ...(error.cause !== undefined && { cause: errorFacts(error.cause) }),
  }
}
