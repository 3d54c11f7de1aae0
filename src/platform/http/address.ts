import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

export interface Address {
  /** Lower case, without port. */
  readonly host: string
  readonly isSecure: boolean
  /** Who asks, as the nearest proxy that is not ours saw it. */
  readonly ip: string
}

const withoutPort = (host: string): string => host.toLowerCase().replace(/:\d+$/, '')

const plain = (ip: string | undefined): string => (ip ?? '').replace(/^::ffff:(?=\d+\.)/, '')

/** The last of several: the one that the nearest proxy, which is ours, has added. */
const last = (value: string | string[] | undefined): string | undefined =>
  String(value ?? '')
    .split(',')
    .at(-1)
    ?.trim() || undefined

/**
 * Reads where a request was meant for, before the framework does: `X-Forwarded-*` counts only from the addresses and
 * CIDR ranges of `BUYLINK_TRUST_PROXY`.
 */
export function createAddressReader(trustProxy: readonly string[]): (request: IncomingMessage) => Address {
  if (trustProxy.length === 0)
    return ({ headers, socket }) => ({
      host: withoutPort(headers.host ?? ''),
      isSecure: false,
      ip: plain(socket.remoteAddress),
    })
  const trusted = new BlockList()
  for (const range of trustProxy) {
    const [address = '', prefix] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(prefix), family)
  }
  return ({ headers, socket }) => {
    const from = plain(socket.remoteAddress)
    const isOurs = (ip: string): boolean => {
      const family = isIP(ip)
      return family !== 0 && trusted.check(ip, family === 6 ? 'ipv6' : 'ipv4')
    }
    const isTrusted = isOurs(from)
    const forwarded = isTrusted ? String(headers['x-forwarded-for'] ?? '').split(',') : []
    const ip = [...forwarded.map((each) => plain(each.trim())).filter(Boolean), from].findLast((each) => !isOurs(each))
    const host = (isTrusted && last(headers['x-forwarded-host'])) || headers.host || ''
    return {
      host: withoutPort(host),
      isSecure: isTrusted && last(headers['x-forwarded-proto']) === 'https',
      ip: ip ?? from,
    }
  }
}
