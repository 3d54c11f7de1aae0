import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublicAddress } from './public-address.ts'

const INTERNAL = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'this host': ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'carrier NAT': ['100.64.0.1', '100.127.255.255'],
  'link-local and cloud metadata': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
  'unique local': ['fc00::1', 'fdff::1'],
  'multicast and broadcast': ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  'reserved and documentation': ['240.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmarks: ['198.18.0.1', '198.19.255.255'],
  'mapped IPv4': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
  'embedded IPv4 (NAT64, 6to4, Teredo)': ['64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:7f00:1::'],
  'no address': ['localhost', '', '0x7f.1', '2130706433', '127.1', '0177.0.0.1'],
}
for (const [name, addresses] of Object.entries(INTERNAL))
  test(`not public: ${name}`, () => {
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address)
  })

test('public: addresses beside each of those', () => {
  const beside = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ]
  const more = ['169.253.0.1', '172.15.0.1', '172.32.0.1', '192.167.0.1', '198.17.0.1', '198.20.0.1', '223.255.255.255']
  for (const address of [...beside, ...more, '2606:4700::1111', '2001:4860:4860::8888', '2a00::1'])
    assert.equal(isPublicAddress(address), true, address)
})
