import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { chunk, png, PNG_SIGNATURE } from '../../test/harness/png.ts'
import { readLogo } from './read-logo.ts'

const headerOf = (width: number, height: number, rest: readonly number[]): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set(rest, 8)
  return chunk('IHDR', header)
}
const file = (...chunks: Buffer[]): Buffer => Buffer.concat([PNG_SIGNATURE, ...chunks])
const end = chunk('IEND', Buffer.alloc(0))

test('takes a picture as it is', () => {
  const picture = png(120, 40)
  assert.deepEqual(readLogo(picture), picture)
})

test('takes an interlaced one', () => {
  // 3 × 3 in 8-bit grey: Adam7 has passes of 1, 1 × 0, 1, 2 and so on; 17 bytes with the filters of its rows.
  const picture = file(headerOf(3, 3, [8, 0, 0, 0, 1]), chunk('IDAT', deflateSync(Buffer.alloc(15))), end)
  assert.deepEqual(readLogo(picture), picture)
})

test('leaves out what is said beside the picture and after it', () => {
  const [whole, text] = [png(4, 4), chunk('tEXt', Buffer.from('Comment\0<script>'))]
  const withText = Buffer.concat([whole.subarray(0, -12), text, end, Buffer.from('PK and more')])
  assert.deepEqual(readLogo(withText), whole)
})

for (const { name, bytes, says } of [
  { name: 'another kind of file', bytes: Buffer.from('<svg onload="alert(1)"/>'), says: /no PNG/ },
  { name: 'a signature alone', bytes: PNG_SIGNATURE, says: /ends too early/ },
  { name: 'a file that was cut', bytes: png(8, 8).subarray(0, -20), says: /ends too early/ },
  { name: 'a picture wider than a page', bytes: png(2049, 1), says: /2049 × 1/ },
  { name: 'a picture without size', bytes: file(headerOf(0, 5, [8, 2, 0, 0, 0]), end), says: /0 × 5/ },
  {
    name: 'fewer pixels than promised',
    bytes: file(headerOf(9, 9, [8, 2, 0, 0, 0]), chunk('IDAT', deflateSync(Buffer.alloc(9))), end),
    says: /not the pixels/,
  },
  {
    name: 'a bomb of pixels',
    bytes: file(headerOf(9, 9, [8, 2, 0, 0, 0]), chunk('IDAT', deflateSync(Buffer.alloc(20_000_000))), end),
    says: /damaged/,
  },
  { name: 'pixels before their header', bytes: file(chunk('IDAT', Buffer.alloc(1)), end), says: /not a whole/ },
  {
    name: 'a depth that its colours do not have',
    bytes: file(headerOf(2, 2, [4, 2, 0, 0, 0]), end),
    says: /no browser/,
  },
]) {
  test(`refuses ${name}`, () => assert.throws(() => readLogo(bytes), { code: 'invalid_request', message: says }))
}

test('refuses a file that is too large', () => {
  assert.throws(() => readLogo(Buffer.alloc(256 * 1024 + 1)), { code: 'payload_too_large' })
})

test('one changed byte is never taken, or changes nothing', () => {
  const picture = png(5, 5)
  fc.assert(
    fc.property(fc.nat(picture.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const broken = Buffer.from(picture)
      broken[at] = (broken[at] ?? 0) ^ change
      assert.throws(() => readLogo(broken))
    }),
  )
})
