import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify, promisify } from 'node:util'
import { isPublicAddress } from './public-address.ts'

/** Why nothing was sent: the name leads to where this server must not go, or nowhere. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
  readonly code: 'internal_address' | 'unknown_host'
  constructor(code: 'internal_address' | 'unknown_host', message: string) {
    super(message)
    this.code = code
  }
}

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/**
 * Keeps what others let this server connect to (webhooks, connectors, a reseller's mail server) out of its own network.
 * What is checked is the address that is then really connected to, so a name that changes in between changes nothing.
 */
export interface OutboundGuard {
  /** Internal addresses are allowed: development and tests. Then http is, too. */
  readonly allowsInternal: boolean
  /**
   * The addresses of a host, all of them checked. Connect to one of these, not to the name again.
   *
   * @param host A name or an address, in whatever notation; no port.
   * @throws {RefusedAddress} One of them is internal, or there is none.
   */
  assertPublicAddress(host: string): Promise<readonly LookupAddress[]>
  /** The same in the place of `dns.lookup`, for `net`, `tls`, `http`. Node asks it for names only, never for addresses. */
  readonly lookup: LookupFunction
}

const resolveBySystem: Resolve = (host) => promisify(systemLookup)(host, { all: true })

/**
 * @param options.allowInternal The setting `BUYLINK_ALLOW_INTERNAL`.
 * @param options.isAllowed Another rule than the public internet, for tests.
 */
export function createOutboundGuard(options: {
  readonly allowInternal: boolean
  readonly resolve?: Resolve
  readonly isAllowed?: (address: string) => boolean
}): OutboundGuard {
  const { allowInternal, resolve = resolveBySystem } = options
  const isAllowed = options.isAllowed ?? (allowInternal ? () => true : isPublicAddress)

  async function assertPublicAddress(host: string): Promise<readonly LookupAddress[]> {
    const bare = host.replace(/^\[(.*)\]$/, '$1')
    const addresses = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await resolveName(bare)
    // One internal address among several is how a name is turned against us.
    if (!addresses.every(({ address }) => isAllowed(address)))
      throw new RefusedAddress('internal_address', 'The host has an internal address')
    return addresses
  }

  async function resolveName(host: string): Promise<readonly LookupAddress[]> {
    const addresses = await resolve(host).catch(() => [])
    if (addresses.length === 0) throw new RefusedAddress('unknown_host', 'The host has no address')
    return addresses
  }

  const find = callbackify(assertPublicAddress)

  return {
    allowsInternal: allowInternal,
    assertPublicAddress,
    lookup(host, { all }, done) {
      find(host, (error, addresses) => {
        const [first] = addresses ?? []
        if (error) done(error, '')
        else if (all) done(null, [...addresses])
        else done(null, first?.address ?? '', first?.family)
      })
    },
  }
}
