import { linkBase } from './buylinks/index.ts'
import { PASSWORD, SIGN_INS } from './demonstration/index.ts'
import type { Config } from './platform/config.ts'

export interface Welcome {
  readonly config: Pick<Config, 'publicUrl'>
  readonly demonstration: boolean
  /** Made by this start, so said this once. */
  readonly administrator: { readonly email: string; readonly password: string } | null
  readonly client: { readonly id: string; readonly secret: string } | null
}

const QUERY =
  'shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application&manager_key=carter81'

/** What the person who started the server reads: where to go, with what, and how to stop. */
export function welcome({ config, demonstration, administrator, client }: Welcome): string {
  const { publicUrl } = config
  const link = `${linkBase({ origin: publicUrl, externalApplicationUrl: null })}?${QUERY}`
  const lines = [
    '',
    'Buylink is running.',
    '',
    `  Store          ${publicUrl}/`,
    `  Control panel  ${publicUrl}/client`,
    `  Portal         ${publicUrl}/portal`,
    `  API            ${publicUrl}/docs`,
  ]
  if (demonstration) {
    lines.push(
      '',
      'A ready buy-link. Open it, register, order:',
      '',
      `  ${link}`,
      '',
      `Demonstration sign-ins, password “${PASSWORD}”:`,
      '',
      `  ${SIGN_INS.reseller.padEnd(26)} reseller: approves payments (portal)`,
      `  ${SIGN_INS.sales.padEnd(26)} sales manager (portal)`,
      `  ${SIGN_INS.customer.padEnd(26)} customer with a running subscription (control panel)`,
      `  ${SIGN_INS.operator.padEnd(26)} operator: sees every reseller, and reads the mails in the outbox (portal)`,
    )
  }
  if (administrator) {
    lines.push('', 'First administrator, shown this once:', '', `  ${administrator.email}  ${administrator.password}`)
  }
  if (client) {
    lines.push(
      '',
      'API client of the operator, shown this once:',
      '',
      `  BUYLINK_CLIENT_ID=${client.id}`,
      `  BUYLINK_CLIENT_SECRET=${client.secret}`,
    )
  }
  return `${[...lines, '', 'Stop with Ctrl-C.', ''].join('\n')}\n`
}
