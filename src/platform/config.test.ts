import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { readConfig } from './config.ts'
import { loadSecret } from './secret.ts'

const folder = mkdtempSync(join(tmpdir(), 'buylink-config-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const SECRET = 'a-secret-of-at-least-32-characters'

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'StartError')
    return error.message.split('\n')
  }
}

test('nothing set gives the defaults, and an empty value counts as not set', () => {
  const expected = {
    nodeEnv: 'development',
    port: 8080,
    host: undefined,
    publicUrl: 'http://localhost:8080',
    trustProxy: [],
    dataDir: resolve('data'),
    databaseUrl: undefined,
    secret: undefined,
    client: undefined,
    unlimitedClientIds: new Set<string>(),
    admin: undefined,
    requireSecondFactor: false,
    demo: undefined,
    smtpUrl: undefined,
    allowInternal: false,
    stripe: undefined,
  }
  assert.deepEqual(readConfig({}), expected)
  assert.deepEqual(readConfig({ PORT: '', DATABASE_URL: ' ' }), expected)
})

test('every setting is read into its type', () => {
  const config = readConfig({
    PORT: '9000',
    HOST: '0.0.0.0',
    BUYLINK_PUBLIC_URL: 'https://Shop.Example.com/',
    BUYLINK_TRUST_PROXY: '10.0.0.0/8, ::1',
    BUYLINK_DATA: '/srv/buylink',
    DATABASE_URL: 'postgresql://app:pw@db/buylink',
    BUYLINK_SECRET: SECRET,
    BUYLINK_CLIENT_ID: 'root-client',
    BUYLINK_CLIENT_SECRET: 'abc.DEF_1-2',
    BUYLINK_UNLIMITED_CLIENTS: 'bench-one,bench-two',
    BUYLINK_ADMIN_EMAIL: 'ada@example.com',
    BUYLINK_ADMIN_PASSWORD: 'correct horse',
    BUYLINK_STAFF_SECOND_FACTOR: 'required',
    BUYLINK_DEMO: '0',
    SMTP_URL: 'smtps://mail.example.com',
    STRIPE_SECRET_KEY: 'sk_test',
    STRIPE_WEBHOOK_SECRET: 'whsec_test',
    NODE_ENV: 'production',
  })
  assert.deepEqual(config, {
    nodeEnv: 'production',
    port: 9000,
    host: '0.0.0.0',
    publicUrl: 'https://shop.example.com',
    trustProxy: ['10.0.0.0/8', '::1'],
    dataDir: '/srv/buylink',
    databaseUrl: 'postgresql://app:pw@db/buylink',
    secret: SECRET,
    client: { id: 'root-client', secret: 'abc.DEF_1-2' },
    unlimitedClientIds: new Set(['bench-one', 'bench-two']),
    admin: { email: 'ada@example.com', password: 'correct horse' },
    requireSecondFactor: true,
    demo: false,
    smtpUrl: 'smtps://mail.example.com',
    allowInternal: false,
    stripe: { secretKey: 'sk_test', webhookSecret: 'whsec_test', apiBase: undefined },
  })
})

for (const { name, env, problem } of [
  { name: 'a port in words', env: { PORT: 'abc' }, problem: "PORT must be a whole number from 1 to 65535, not 'abc'" },
  { name: 'port 0', env: { PORT: '0' }, problem: "PORT must be a whole number from 1 to 65535, not '0'" },
  { name: 'port 65536', env: { PORT: '65536' }, problem: "PORT must be a whole number from 1 to 65535, not '65536'" },
  {
    name: 'a public URL with a path',
    env: { BUYLINK_PUBLIC_URL: 'https://a.example/shop' },
    problem: "BUYLINK_PUBLIC_URL must be an origin such as https://shop.example.com, not 'https://a.example/shop'",
  },
  {
    name: 'a host name as proxy',
    env: { BUYLINK_TRUST_PROXY: 'proxy' },
    problem: "BUYLINK_TRUST_PROXY must be IP addresses or CIDR ranges separated by commas, not 'proxy'",
  },
  {
    name: 'a prefix too long',
    env: { BUYLINK_TRUST_PROXY: '10.0.0.0/33' },
    problem: "BUYLINK_TRUST_PROXY must be IP addresses or CIDR ranges separated by commas, not '10.0.0.0/33'",
  },
  { name: 'demo in words', env: { BUYLINK_DEMO: 'yes' }, problem: "BUYLINK_DEMO must be 1 or 0, not 'yes'" },
  {
    name: 'another database',
    env: { DATABASE_URL: 'mysql://u:hidden@h/d', BUYLINK_SECRET: SECRET },
    problem: 'DATABASE_URL must be a URL such as postgresql://user@host/database',
  },
  {
    name: 'a short secret, which is not shown',
    env: { BUYLINK_SECRET: 'hidden' },
    problem: 'BUYLINK_SECRET must be at least 32 characters',
  },
  {
    name: 'a database without a secret',
    env: { DATABASE_URL: 'postgres://h/d' },
    problem: 'BUYLINK_SECRET must be set with DATABASE_URL: every server on that database needs the same one',
  },
  {
    name: 'half a client',
    env: { BUYLINK_CLIENT_ID: 'root' },
    problem: 'BUYLINK_CLIENT_ID and BUYLINK_CLIENT_SECRET must be set together, or neither',
  },
  {
    name: 'a client without limit that cannot be one',
    env: { BUYLINK_UNLIMITED_CLIENTS: 'bench,*' },
    problem: "BUYLINK_UNLIMITED_CLIENTS must be ids of API clients separated by commas, not 'bench,*'",
  },
  {
    name: 'half an administrator',
    env: { BUYLINK_ADMIN_PASSWORD: 'correct horse' },
    problem: 'BUYLINK_ADMIN_EMAIL and BUYLINK_ADMIN_PASSWORD must be set together, or neither',
  },
  {
    name: 'a webhook of no account',
    env: { STRIPE_WEBHOOK_SECRET: 'whsec' },
    problem: 'STRIPE_WEBHOOK_SECRET is of no use without STRIPE_SECRET_KEY',
  },
] satisfies { name: string; env: Record<string, string>; problem: string }[])
  test(`refuses ${name}`, () => assert.deepEqual(problemsOf(env), [problem]))

test('tells all problems at once', () => {
  assert.equal(problemsOf({ PORT: 'x', BUYLINK_DEMO: '2', SMTP_URL: 'mail', DATABASE_URL: 'postgres://h/d' }).length, 4)
})

test('the configuration is frozen', () => {
  assert.ok(Object.isFrozen(readConfig({})))
})

test('a secret is made once, for its owner alone, and a given one wins', () => {
  const dataDir = join(folder, 'data')
  const secret = loadSecret({ secret: undefined, dataDir })
  assert.ok(secret.length >= 32)
  assert.equal(statSync(join(dataDir, 'secret')).mode & 0o777, 0o600)
  assert.equal(loadSecret({ secret: undefined, dataDir }), secret)
  assert.equal(readFileSync(join(dataDir, 'secret'), 'utf8').trim(), secret)
  assert.equal(loadSecret({ secret: SECRET, dataDir }), SECRET)
})

test('a damaged secret is not replaced: what it protects would be lost', () => {
  const dataDir = mkdtempSync(join(folder, 'damaged-'))
  writeFileSync(join(dataDir, 'secret'), 'short')
  assert.throws(() => loadSecret({ secret: undefined, dataDir }), /holds less than 32 characters: restore it/)
})

test('an unwritable directory is told in one line', { skip: process.getuid?.() === 0 }, () => {
  const dataDir = mkdtempSync(join(folder, 'closed-'))
  chmodSync(dataDir, 0o500)
  assert.throws(
    () => loadSecret({ secret: undefined, dataDir }),
    /Cannot read or make .*secret \(EACCES\): set BUYLINK_SECRET/,
  )
})
