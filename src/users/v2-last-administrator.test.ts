import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/harness/database.ts'
import { codeOf, openV2 } from '../../test/harness/v2.ts'

const { root, operator, make } = await openV2(await testDatabase())
interface User {
  readonly id: string
  readonly version: number
  readonly enabled: boolean
}
let count = 0
const addUser = async (tenant_id: string): Promise<User> => {
  const login = `administrator${++count}`
  const made = await operator.send('POST', '/api/2/users', {
    tenant_id,
    login,
    contact: { email: `${login}@example.com` },
  })
  assert.equal(made.status, 200, made.text)
  return made.body as unknown as User
}
const read = async (id: string) => (await operator.send('GET', `/api/2/users/${id}`)).body as unknown as User
const put = async (id: string, change: object) =>
  operator.send('PUT', `/api/2/users/${id}`, { version: (await read(id)).version, ...change })

test('of two administrators who disable each other or take each other’s role, one stays', async () => {
  const place = await make('customer', await make('partner', root.id))
  const [one, two] = [await addUser(place), await addUser(place)]
  const policies = (id: string, roles: readonly string[]) =>
    operator.send('PUT', `/api/2/users/${id}/access_policies`, {
      items: roles.map((role_id) => ({ tenant_id: place, role_id })),
    })
  const isAdministrator = async ({ id }: User) => {
    const { body } = await operator.send('GET', `/api/2/users/${id}/access_policies`)
    return body['items'] !== undefined && JSON.stringify(body).includes('company_admin') && (await read(id)).enabled
  }
  for (const take of [(id: string) => policies(id, []), (id: string) => put(id, { enabled: false })])
    for (let round = 0; round < 5; round++) {
      for (const { id } of [one, two]) {
        await put(id, { enabled: true })
        assert.equal((await policies(id, ['company_admin'])).status, 200)
      }
      const answers = await Promise.all([take(one.id), take(two.id)])
      assert.deepEqual(
        answers.map(({ status }) => status).toSorted(),
        [200, 400],
        answers.map(({ text }) => text).join(),
      )
      assert.ok(answers.some((answer) => codeOf(answer) === 1027))
      assert.equal([await isAdministrator(one), await isAdministrator(two)].filter(Boolean).length, 1)
    }
})
