import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertStrongPassword, hashPassword, passwordWeakness, verifyPassword } from './password.ts'

test('knows the password again, however its accents were typed, and no other', async () => {
  const hash = await hashPassword('Gr\u00fc\u00dfe an alle')
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.deepEqual(await verifyPassword('Gru\u0308\u00dfe an alle', hash), { ok: true, needsRehash: false })
  assert.deepEqual(await verifyPassword('Gruesse an alle', hash), { ok: false, needsRehash: false })
  assert.notEqual(await hashPassword('Gr\u00fc\u00dfe an alle'), hash)
})

test('reads a hash of another system and asks for a new one', async () => {
  // Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.deepEqual(await verifyPassword('password', phc), { ok: true, needsRehash: true })
})

test('says no without a hash, with a broken one, and takes its time', async () => {
  const hash = await hashPassword('a right long one')
  for (const phc of [null, undefined, '', 'plain', '$2b$10$abc'])
    assert.equal((await verifyPassword('x', phc)).ok, false)
  const timed = async (phc: string | null) => {
    const startedMs = performance.now()
    await verifyPassword('wrong', phc)
    return performance.now() - startedMs
  }
  await timed(null)
  const [unknown, known] = [await timed(null), await timed(hash)]
  assert.ok(unknown > known / 5, `${unknown} ms for nobody, ${known} ms for somebody`)
})

for (const [password, isWeak] of [
  ['short', true],
  ['aaaaaaaaaaaa', true],
  ['abcdefghijkl', true],
  ['0987654321', true],
  ['Password2026!', true],
  ['qwertyuiop', true],
  ['ann.smith', true],
  ['ann.smith1!', true],
  ['correct horse battery', false],
  ['Tr0ub4dor&3x', false],
  ['пароль из слов', false],
  ['x'.repeat(257), true],
] as const)
  test(`${isWeak ? 'refuses' : 'takes'} ${password.slice(0, 30)}`, () =>
    assert.equal(passwordWeakness(password, ['ann.smith@example.com']) !== undefined, isWeak))

test('names the field', () => {
  assert.throws(
    () => assertStrongPassword('short'),
    (error: { code: string; problems: { path: string }[] }) => {
      assert.equal(error.code, 'weak_password')
      assert.equal(error.problems[0]?.path, 'password')
      return true
    },
  )
})
