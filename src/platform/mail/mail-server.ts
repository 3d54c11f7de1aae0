import { isIP } from 'node:net'
import type { SendMailOptions } from 'nodemailer'
import type { TenantId } from '../../kernel/ids.ts'
import type { OutboundGuard } from '../outbound/guard.ts'

/** A mail server that someone else than the operator chose. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** '': none; SSL: from the first byte; TLS: STARTTLS, without which nothing is sent. */
  readonly encryption: '' | 'SSL' | 'TLS'
  /** '': the server asks for none. */
  readonly user: string
  readonly password: string
}

/** Who a mail comes from. */
export interface MailSenderName {
  readonly name: string
  /** undefined: the installation's. */
  readonly address?: string | undefined
  /** The brand's own server, and whose it is; undefined: the installation's. */
  readonly server?: (MailServer & { readonly tenantId: TenantId }) | undefined
}

// A test of the settings waits for the answer, so none of these may take long.
const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 15_000, dnsTimeout: 5_000 }

/**
 * Sends one mail through such a server, over a connection of its own to an address that was checked: the first of its
 * addresses that answers.
 *
 * @throws {RefusedAddress} The server has an internal address, or none.
 * @throws {Error} It did not take the mail.
 */
export async function sendThrough(guard: OutboundGuard, server: MailServer, mail: SendMailOptions): Promise<void> {
  const addresses = await guard.assertPublicAddress(server.host)
  for (const [index, { address }] of addresses.entries()) {
    try {
      return await sendTo(address, server, mail)
    } catch (error) {
      const isUnreached = error instanceof Error && 'command' in error && error.command === 'CONN'
      if (!isUnreached || index === addresses.length - 1) throw error
    }
  }
}

async function sendTo(address: string, server: MailServer, mail: SendMailOptions): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    host: address,
    port: server.port,
    secure: server.encryption === 'SSL',
    requireTLS: server.encryption === 'TLS',
    ignoreTLS: server.encryption === '',
    ...(server.user !== '' && { auth: { user: server.user, pass: server.password } }),
    // The certificate is for the name, though the connection goes to the address that was checked.
    ...(isIP(server.host) === 0 && { tls: { servername: server.host } }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...TIMEOUTS,
  })
  try {
    await transport.sendMail(mail)
  } finally {
    transport.close()
  }
}

const MAX_REASON_LENGTH = 500

/** Why a mail was not taken, for those who look after the server: one line. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH)
