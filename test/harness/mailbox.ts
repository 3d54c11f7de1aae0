import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { atEnd } from './at-end.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './certificate.ts'

export interface Mailbox {
  /** For `SMTP_URL`. */
  readonly url: string
  readonly port: number
  /** The newest mail to an address, waited for. @throws {Error} None came within ten seconds. */
  newestTo(address: string): Promise<Email>
  /** A mail to an address by its subject, waited for, with when it had come whole (`performance.now()`). */
  received(address: string, subject: string): Promise<{ readonly mail: Email; readonly atMs: number }>
  /** How many mails came. */
  count(): number
  /** All that came, in the order in which it did. */
  all(): Promise<{ readonly to: readonly string[]; readonly mail: Email }[]>
  stop(): Promise<void>
}

export interface MailboxOptions {
  /** The only ones it takes mail from; by default everyone. */
  readonly login?: { readonly user: string; readonly password: string }
  /** SSL: from the first byte; TLS: STARTTLS; by default none. With the certificate of `certificate.ts`. */
  readonly encryption?: 'SSL' | 'TLS'
}

/** A real mail server on the loopback that keeps what it gets. Ended after the file's last test. */
export async function openMailbox({ login, encryption }: MailboxOptions = {}): Promise<Mailbox> {
  const raw: { readonly to: readonly string[]; readonly bytes: Buffer; readonly atMs: number }[] = []
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: encryption === undefined,
    secure: encryption === 'SSL',
    key: TEST_KEY,
    cert: TEST_CERTIFICATE,
    closeTimeout: 50,
    disabledCommands: encryption === 'TLS' ? [] : ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(new Error('Wrong user or password')),
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        raw.push({ to, bytes: Buffer.concat(chunks), atMs: performance.now() })
        done()
      })
    },
  })
  // A client that does not trust the certificate hangs up in the middle.
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= new Promise<void>((resolve) => server.close(() => resolve())))
  atEnd(stop)
  const address = listening.address()
  if (typeof address !== 'object' || address === null) throw new Error('The mail server has no port')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    stop,
    count: () => raw.length,
    async received(to, subject) {
      for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
        for (const { bytes, atMs } of raw.filter((each) => each.to.includes(to))) {
          const mail = await PostalMime.parse(bytes)
          if (mail.subject === subject) return { mail, atMs }
        }
        await sleep(20)
      }
      throw new Error(`No mail “${subject}” came for ${to}`)
    },
    all: () => Promise.all(raw.map(async ({ to, bytes }) => ({ to, mail: await PostalMime.parse(bytes) }))),
    async newestTo(to) {
      for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 50) {
        const found = raw.findLast((each) => each.to.includes(to))
        if (found) return PostalMime.parse(found.bytes)
        await sleep(50)
      }
      throw new Error(`No mail came for ${to}`)
    },
  }
}
