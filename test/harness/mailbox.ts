import { once } from 'node:events'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Mailbox {
  /** For `SMTP_URL`. */
  readonly url: string
  /** The newest mail to an address, waited for. @throws {Error} None came within ten seconds. */
  newestTo(address: string): Promise<Email>
}

/** A real mail server on the loopback that keeps what it gets. Ended after the file's last test. */
export async function openMailbox(): Promise<Mailbox> {
  const raw: { readonly to: readonly string[]; readonly bytes: Buffer }[] = []
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        raw.push({ to, bytes: Buffer.concat(chunks) })
        done()
      })
    },
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = listening.address()
  if (typeof address !== 'object' || address === null) throw new Error('The mail server has no port')
  return {
    url: `smtp://127.0.0.1:${address.port}`,
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
