import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { pino } from 'pino'
import { TEST_CERTIFICATE } from '../../test/harness/certificate.ts'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { type Mailbox, openMailbox } from '../../test/harness/mailbox.ts'
import { testAccount, testSeller } from '../../test/harness/sellers.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import { transaction } from '../platform/db.ts'
import { createJobs } from '../platform/jobs.ts'
import { createMailSender } from '../platform/mail/mail-sender.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { createOutboundGuard } from '../platform/outbound/guard.ts'
import { changeBrand } from './change-brand.ts'
import { createMailBrands } from './mail-brands.ts'
import type { BrandOptions } from './schema.ts'
import { createBrandSeal } from './sealed.ts'
import { findOwn } from './store.ts'

const database = await testDatabase()
const { db, pool } = database
const clock = fixedClock()
const seal = createBrandSeal('a secret of the tests, long enough for a key')
const installation = await openMailbox()
setDefaultCACertificates([...getCACertificates('default'), TEST_CERTIFICATE])

let sellers = 0
/** A reseller with its own mail server, and a customer of it. */
async function brandedSeller(server: Partial<BrandOptions>, password?: string) {
  const seller = await testSeller(db, clock, `mail-${++sellers}.example`, 'Northwind')
  const account = await testAccount(db, clock, seller)
  await changeBrand(db, clock, seller.actor, {
    tenantId: seller.tenant.id,
    enabled: true,
    options: { service_name: 'Northwind Backup', smtp_override: 1, smtp_server: '127.0.0.1', ...server },
    smtpPassword: password === undefined ? undefined : seal.seal(password),
  })
  return { seller, account }
}

function sender({ smtpUrl, allowInternal }: { smtpUrl: string | undefined; allowInternal: boolean }) {
  const mail = createMailSender({
    smtpUrl,
    publicUrl: 'https://buylink.example',
    brands: createMailBrands(seal),
    guard: createOutboundGuard({ allowInternal }),
  })
  const jobs = createJobs({
    connectionString: database.connectionString,
    db,
    pool,
    clock,
    log: pino({ level: 'silent' }),
    subscribers: [mail.subscriber],
  })
  after(async () => {
    await jobs.stop()
    mail.close()
  })
  return jobs
}
const jobs = sender({ smtpUrl: installation.url, allowInternal: true })

const queue = (sellerId: string, tenantId: TenantId | undefined, to: string) =>
  transaction(db, (tx) =>
    queueMail(tx, {
      sellerId,
      ...(tenantId !== undefined && { tenantId }),
      to,
      subject: 'Hello',
      html: '<p>Hello</p>',
      text: 'Hello',
      purpose: 'test',
      correlationId: newId(),
      at: clock.now(),
    }),
  )
const outcomeOf = (id: string) =>
  db.selectFrom('mails').where('id', '=', id).select(['status', 'warning', 'last_error']).executeTakeFirstOrThrow()

for (const { name, encryption, options } of [
  { name: 'in the open', encryption: undefined, options: {} },
  {
    name: 'with TLS from the first byte',
    encryption: 'SSL',
    options: { smtp_encryption: 'SSL', smtp_server: 'localhost' },
  },
  { name: 'with STARTTLS', encryption: 'TLS', options: { smtp_encryption: 'TLS', smtp_server: 'localhost' } },
] as const) {
  test(`a customer’s mail goes through its brand’s server, ${name}, signed in, from the reply address`, async () => {
    const login = { user: 'northwind', password: 'hunter2' }
    const server = await openMailbox({ login, ...(encryption && { encryption }) })
    const { seller, account } = await brandedSeller(
      { smtp_port: server.port, smtp_user: 'northwind', smtp_reply_address: 'help@northwind.example', ...options },
      'hunter2',
    )
    const before = installation.count()
    const id = await queue(seller.tenant.sellerId, account.id, 'ann@example.com')
    await jobs.drain()
    const mail = await server.newestTo('ann@example.com')
    assert.deepEqual(mail.from, { name: 'Northwind Backup', address: 'help@northwind.example' })
    assert.equal(mail.replyTo?.[0]?.address, 'help@northwind.example')
    assert.deepEqual(await outcomeOf(id), { status: 'sent', warning: null, last_error: null })
    assert.equal(installation.count(), before)
  })
}

async function fallsBack(broken: Partial<BrandOptions>, says: RegExp, password?: string) {
  const { seller, account } = await brandedSeller(broken, password)
  const id = await queue(seller.tenant.sellerId, account.id, 'bob@example.com')
  await jobs.drain()
  const mail = await installation.newestTo('bob@example.com')
  assert.equal(mail.from?.address, 'no-reply@buylink.example')
  const { status, warning } = await outcomeOf(id)
  assert.equal(status, 'sent')
  assert.match(warning ?? '', says)
  const failure = (await findOwn(db, seller.tenant.id))?.mailFailure
  assert.deepEqual(failure?.at, clock.now())
  assert.match(failure?.reason ?? '', says)
  return { seller, account }
}

test('a server that is down leaves the mail to the installation, with a warning, until it works again', async () => {
  const gone: Mailbox = await openMailbox()
  await gone.stop()
  const { seller, account } = await fallsBack({ smtp_port: gone.port }, /ECONNREFUSED/)
  const back = await openMailbox()
  // Only the port differs: the same brand, now with a server that answers.
  await db
    .updateTable('brands')
    .set((row) => ({
      settings: row.fn('jsonb_set', [row.ref('settings'), row.val('{smtp_port}'), row.val(String(back.port))]),
    }))
    .where('tenant_id', '=', seller.tenant.id)
    .execute()
  await queue(seller.tenant.sellerId, account.id, 'bob@example.com')
  await jobs.drain()
  assert.equal(back.count(), 1)
  assert.equal((await findOwn(db, seller.tenant.id))?.mailFailure, null)
})

test('a wrong password does so too, and is not in the warning', async () => {
  const server = await openMailbox({ login: { user: 'northwind', password: 'right' } })
  const { seller } = await fallsBack(
    { smtp_port: server.port, smtp_user: 'northwind' },
    /Wrong user or password/,
    'wr0ng',
  )
  assert.doesNotMatch((await findOwn(db, seller.tenant.id))?.mailFailure?.reason ?? '', /wr0ng/)
})

test('a server without the TLS that is asked for is not talked to in the open', async () => {
  const plain = await openMailbox()
  await fallsBack({ smtp_port: plain.port, smtp_encryption: 'TLS' }, /STARTTLS/)
  assert.equal(plain.count(), 0)
})

test('new mail settings forget what failed with the old ones', async () => {
  const gone = await openMailbox()
  await gone.stop()
  const { seller } = await fallsBack({ smtp_port: gone.port }, /ECONNREFUSED/)
  await changeBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, options: { color: '000000' } })
  assert.notEqual((await findOwn(db, seller.tenant.id))?.mailFailure, null)
  await changeBrand(db, clock, seller.actor, { tenantId: seller.tenant.id, options: { smtp_port: 25 } })
  assert.equal((await findOwn(db, seller.tenant.id))?.mailFailure, null)
})

test('without smtp_override, and before branding is enabled, the installation’s server sends', async () => {
  const server = await openMailbox()
  const { seller, account } = await brandedSeller({ smtp_port: server.port, smtp_override: 0 })
  await queue(seller.tenant.sellerId, account.id, 'cid@example.com')
  await jobs.drain()
  assert.equal((await installation.newestTo('cid@example.com')).from?.name, 'Northwind Backup')
  await changeBrand(db, clock, seller.actor, {
    tenantId: seller.tenant.id,
    enabled: false,
    options: { smtp_override: 1 },
  })
  await queue(seller.tenant.sellerId, undefined, 'dan@example.com')
  await jobs.drain()
  assert.equal((await installation.newestTo('dan@example.com')).from?.name, 'Buylink')
  assert.equal(server.count(), 0)
})

test('an internal mail server is not talked to unless the setting allows it', async () => {
  const inside = await openMailbox()
  const strict = sender({ smtpUrl: installation.url, allowInternal: false })
  const { seller, account } = await brandedSeller({ smtp_port: inside.port })
  const id = await queue(seller.tenant.sellerId, account.id, 'eve@example.com')
  await strict.drain()
  assert.match((await outcomeOf(id)).warning ?? '', /internal address/)
  assert.equal(inside.count(), 0)
  assert.equal((await installation.newestTo('eve@example.com')).from?.address, 'no-reply@buylink.example')
})

test('without a server of the installation a mail waits for the brand’s', async () => {
  const gone = await openMailbox()
  await gone.stop()
  const alone = sender({ smtpUrl: undefined, allowInternal: true })
  const { seller, account } = await brandedSeller({ smtp_port: gone.port })
  const id = await queue(seller.tenant.sellerId, account.id, 'fay@example.com')
  await assert.rejects(alone.drain(), /could not take/)
  const waiting = await outcomeOf(id)
  assert.equal(waiting.status, 'queued')
  assert.match(waiting.last_error ?? '', /ECONNREFUSED/)
})
