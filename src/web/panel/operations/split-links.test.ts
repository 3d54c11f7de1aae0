import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitLinks } from './split-links.ts'

test('addresses become links, the sentence around them stays text', () => {
  assert.deepEqual(
    splitLinks('Open http://localhost:8080/client/confirm?token=a-b_C. Thank you (see https://x.example/a).'),
    [
      { text: 'Open ', href: null },
      {
        text: 'http://localhost:8080/client/confirm?token=a-b_C',
        href: 'http://localhost:8080/client/confirm?token=a-b_C',
      },
      { text: '. Thank you (see ', href: null },
      { text: 'https://x.example/a', href: 'https://x.example/a' },
      { text: ').', href: null },
    ],
  )
})
test('no other scheme becomes a link', () => {
  assert.deepEqual(splitLinks('javascript:alert(1)'), [{ text: 'javascript:alert(1)', href: null }])
})
