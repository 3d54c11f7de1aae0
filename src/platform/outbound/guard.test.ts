import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutboundGuard } from './guard.ts'

const addresses =
  (...list: string[]) =>
  async () =>
    list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('gives the addresses to connect to', async () => {
  const guard = createOutboundGuard({ allowInternal: false, resolve: addresses('1.1.1.1', '2606:4700::1111') })
  assert.deepEqual(await guard.assertPublicAddress('hooks.example'), [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ])
})

test('refuses a name with one internal address among public ones', async () => {
  const guard = createOutboundGuard({ allowInternal: false, resolve: addresses('1.1.1.1', '10.0.0.7') })
  await assert.rejects(guard.assertPublicAddress('hooks.example'), { code: 'internal_address' })
})

test('refuses internal addresses in every notation, by the real resolver', async () => {
  const guard = createOutboundGuard({ allowInternal: false })
  for (const host of [
    '127.0.0.1',
    '[::1]',
    '::ffff:127.0.0.1',
    'localhost',
    '0x7f.1',
    '2130706433',
    '127.1',
    '0177.0.0.1',
  ])
    await assert.rejects(guard.assertPublicAddress(host), { name: 'RefusedAddress' }, host)
})

test('a name that leads nowhere has its own reason', async () => {
  const guard = createOutboundGuard({ allowInternal: false, resolve: addresses() })
  await assert.rejects(guard.assertPublicAddress('nowhere.example'), { code: 'unknown_host' })
})

test('internal addresses are allowed where the setting says so', async () => {
  const guard = createOutboundGuard({ allowInternal: true })
  assert.deepEqual(await guard.assertPublicAddress('127.0.0.1'), [{ address: '127.0.0.1', family: 4 }])
})
