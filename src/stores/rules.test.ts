import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostKey, readOrigin } from './rules.ts'

test('a Host header is folded to the host alone', () => {
  assert.equal(hostKey('Shop.Example:8080'), 'shop.example')
  assert.equal(hostKey('shop.example.'), 'shop.example')
  assert.equal(hostKey('127.0.0.1:80'), '127.0.0.1')
})

for (const { text, origin, host } of [
  { text: 'http://localhost:8080', origin: 'http://localhost:8080', host: 'localhost' },
  { text: 'https://Shop.Example/', origin: 'https://shop.example', host: 'shop.example' },
  { text: 'https://bücher.example', origin: 'https://xn--bcher-kva.example', host: 'xn--bcher-kva.example' },
])
  test(`${text} is an origin`, () => assert.deepEqual(readOrigin(text), { origin, host }))

for (const text of [
  'shop.example',
  'ftp://shop.example',
  'https://shop.example/path',
  'https://a:b@shop.example',
  'https://-x.example',
  '',
])
  test(`'${text}' is no origin`, () => assert.equal(readOrigin(text), undefined))
