import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'

/** The settings of `docs/settings.md`, checked. Made once at the start; frozen. */
export interface Config {
  readonly nodeEnv: string
  readonly port: number
  /** `undefined`: 127.0.0.1 while demonstration sign-ins exist, all addresses otherwise (known only with the database). */
  readonly host: string | undefined
  /** An origin without a trailing slash. Links in mails start with it, never with a Host header. */
  readonly publicUrl: string
  /** Addresses and CIDR ranges whose `X-Forwarded-*` is believed. */
  readonly trustProxy: readonly string[]
  /** Absolute path. */
  readonly dataDir: string
  /** `undefined`: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | undefined
  /** Set whenever `databaseUrl` is; otherwise `loadSecret` makes one in `dataDir`. */
  readonly secret: string | undefined
  readonly client: { readonly id: string; readonly secret: string } | undefined
  /** API clients without a rate limit: the benchmarks' own. */
  readonly unlimitedClientIds: ReadonlySet<string>
  /** People of the operator and of resellers may do nothing before they have a second factor. */
  readonly requireSecondFactor: boolean
  readonly admin: { readonly email: string; readonly password: string } | undefined
  /** `undefined`: load the demonstration on an empty embedded database outside production. */
  readonly demo: boolean | undefined
  readonly smtpUrl: string | undefined
  /** What others have called (webhooks, connectors, mail servers of brands) may be at internal addresses. */
  readonly allowInternal: boolean
  readonly stripe:
    | { readonly secretKey: string; readonly webhookSecret: string | undefined; readonly apiBase: string | undefined }
    | undefined
}

const text = z.string()
const CREDENTIAL = /^[A-Za-z0-9._-]{3,64}$/

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol)
}

function isOrigin(value: string): boolean {
  if (!hasProtocol(value, ['http:', 'https:'])) return false
  const { pathname, search, hash, username, password } = new URL(value)
  return pathname === '/' && search + hash + username + password === ''
}

function isAddressRange(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

const list = (value: string): string[] => value.split(/[\s,]+/).filter((part) => part !== '')

/** One row a setting: how it is read, what a wrong value should have been, and whether the value may be shown. */
const SETTINGS = {
  PORT: {
    read: text
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .refine((port) => port >= 1 && port <= 65535),
    be: 'a whole number from 1 to 65535',
  },
  HOST: { read: text.regex(/^\S+$/), be: 'an address or host name' },
  BUYLINK_PUBLIC_URL: {
    read: text.refine(isOrigin).transform((url) => new URL(url).origin),
    be: 'an origin such as https://shop.example.com',
  },
  BUYLINK_TRUST_PROXY: {
    read: text.transform(list).refine((ranges) => ranges.every(isAddressRange)),
    be: 'IP addresses or CIDR ranges separated by commas',
  },
  BUYLINK_DATA: { read: text, be: 'a directory' },
  DATABASE_URL: {
    // PostgreSQL lets the host be empty where `host=` names the folder of a socket; `URL` does not.
    read: text.refine((url) => hasProtocol(url.replace('@/', '@socket/'), ['postgres:', 'postgresql:'])),
    be: 'a URL such as postgresql://user@host/database',
    hidden: true,
  },
  BUYLINK_SECRET: { read: text.min(32), be: 'at least 32 characters', hidden: true },
  BUYLINK_CLIENT_ID: { read: text.regex(CREDENTIAL), be: '3 to 64 of A-Z a-z 0-9 . _ -' },
  BUYLINK_CLIENT_SECRET: { read: text.regex(CREDENTIAL), be: '3 to 64 of A-Z a-z 0-9 . _ -', hidden: true },
  BUYLINK_UNLIMITED_CLIENTS: {
    read: text.transform(list).refine((ids) => ids.every((id) => CREDENTIAL.test(id))),
    be: 'ids of API clients separated by commas',
  },
  BUYLINK_ADMIN_EMAIL: { read: z.email(), be: 'an e-mail address' },
  BUYLINK_ADMIN_PASSWORD: { read: text.min(12), be: 'at least 12 characters', hidden: true },
  BUYLINK_STAFF_SECOND_FACTOR: {
    read: z.enum(['required', 'optional']).transform((word) => word === 'required'),
    be: 'required or optional',
  },
  BUYLINK_DEMO: { read: z.enum(['0', '1']).transform((flag) => flag === '1'), be: '1 or 0' },
  BUYLINK_ALLOW_INTERNAL: { read: z.enum(['0', '1']).transform((flag) => flag === '1'), be: '1 or 0' },
  SMTP_URL: {
    read: text.refine((url) => hasProtocol(url, ['smtp:', 'smtps:'])),
    be: 'a URL such as smtp://user:password@host:587',
    hidden: true,
  },
  STRIPE_SECRET_KEY: { read: text.regex(/^\S+$/), be: 'a key without blanks', hidden: true },
  STRIPE_WEBHOOK_SECRET: { read: text.regex(/^\S+$/), be: 'a key without blanks', hidden: true },
  STRIPE_API_BASE: {
    read: text.refine((url) => hasProtocol(url, ['http:', 'https:'])),
    be: 'a URL such as https://api.stripe.com',
  },
  NODE_ENV: { read: text, be: 'a word' },
} as const

type Settings = { [Name in keyof typeof SETTINGS]?: z.output<(typeof SETTINGS)[Name]['read']> | undefined }

/**
 * Reads all settings of an environment; an empty value counts as not set.
 *
 * @throws {StartError} Something is wrong: one line for every problem, all at once. Secrets are never shown.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const settings = readSettings(env, problems)
  problems.push(...contradictions(env))
  if (problems.length > 0) throw new StartError(problems.join('\n'))

  const port = settings.PORT ?? 8080
  return Object.freeze({
    nodeEnv: settings.NODE_ENV ?? 'development',
    port,
    host: settings.HOST,
    publicUrl: settings.BUYLINK_PUBLIC_URL ?? `http://localhost:${port}`,
    trustProxy: settings.BUYLINK_TRUST_PROXY ?? [],
    dataDir: resolve(settings.BUYLINK_DATA ?? 'data'),
    databaseUrl: settings.DATABASE_URL,
    secret: settings.BUYLINK_SECRET,
    client: both(settings.BUYLINK_CLIENT_ID, settings.BUYLINK_CLIENT_SECRET, (id, secret) => ({ id, secret })),
    unlimitedClientIds: new Set(settings.BUYLINK_UNLIMITED_CLIENTS),
    admin: both(settings.BUYLINK_ADMIN_EMAIL, settings.BUYLINK_ADMIN_PASSWORD, (email, password) => ({
      email,
      password,
    })),
    requireSecondFactor: settings.BUYLINK_STAFF_SECOND_FACTOR ?? false,
    demo: settings.BUYLINK_DEMO,
    smtpUrl: settings.SMTP_URL,
    allowInternal: settings.BUYLINK_ALLOW_INTERNAL ?? false,
    stripe: settings.STRIPE_SECRET_KEY
      ? {
          secretKey: settings.STRIPE_SECRET_KEY,
          webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
          apiBase: settings.STRIPE_API_BASE,
        }
      : undefined,
  })
}

function readSettings(env: Readonly<Record<string, string | undefined>>, problems: string[]): Settings {
  const settings: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value = env[name]?.trim()
    if (!value) continue
    const result = setting.read.safeParse(value)
    if (result.success) settings[name] = result.data
    else problems.push(`${name} must be ${setting.be}${'hidden' in setting ? '' : `, not '${value}'`}`)
  }
  // The loop assigns each name the output of its own reader, which the compiler cannot follow.
  return settings as Settings
}

/** Settings that need each other. Looks at what is set, not at its value, so that it adds to the problems above. */
function contradictions(env: Readonly<Record<string, string | undefined>>): string[] {
  const has = (name: keyof typeof SETTINGS): boolean => Boolean(env[name]?.trim())
  const problems: string[] = []
  if (has('DATABASE_URL') && !has('BUYLINK_SECRET'))
    problems.push('BUYLINK_SECRET must be set with DATABASE_URL: every server on that database needs the same one')
  for (const [one, other] of [
    ['BUYLINK_CLIENT_ID', 'BUYLINK_CLIENT_SECRET'],
    ['BUYLINK_ADMIN_EMAIL', 'BUYLINK_ADMIN_PASSWORD'],
  ] as const)
    if (has(one) !== has(other)) problems.push(`${one} and ${other} must be set together, or neither`)
  for (const name of ['STRIPE_WEBHOOK_SECRET', 'STRIPE_API_BASE'] as const)
    if (has(name) && !has('STRIPE_SECRET_KEY')) problems.push(`${name} is of no use without STRIPE_SECRET_KEY`)
  return problems
}

function both<Pair>(one: string | undefined, other: string | undefined, pair: (a: string, b: string) => Pair) {
  return one !== undefined && other !== undefined ? pair(one, other) : undefined
}
