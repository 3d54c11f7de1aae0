import { BlockList, isIP } from 'node:net'

/** Not globally reachable (IANA special-purpose registries, RFC 6890), multicast, or a way to embed such an address. */
const INTERNAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** All that is public in IPv6 today; mapped IPv4, NAT64, link-local, ULA and multicast lie outside. */
const GLOBAL_V6 = ['2000::/3']
const INTERNAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), family)
  }
  return list
}

const internalV4 = listOf(INTERNAL_V4, 'ipv4')
const globalV6 = listOf(GLOBAL_V6, 'ipv6')
const internalV6 = listOf(INTERNAL_V6, 'ipv6')

/** Whether an address (not a name) is out in the public internet; what is no address at all is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !internalV4.check(address, 'ipv4')
  if (family !== 6 || address.includes('%')) return false
  return globalV6.check(address, 'ipv6') && !internalV6.check(address, 'ipv6')
}
