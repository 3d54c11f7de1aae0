import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { demonstrationDataDir, startServer, temporaryDataDir } from '../harness/server.ts'
import { approve, checkOut, LINKS, PEOPLE, place, signIn, untilCompleted } from '../harness/visitor.ts'
import { SIGN_INS } from '../../src/demonstration/index.ts'

const buylink = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../bin/buylink.js'), ...args], {
    env: { PATH: process.env['PATH'], ...env },
  })

test('a backup taken while the server runs is a data directory that another server goes on with', async () => {
  const dataDir = await demonstrationDataDir()
  const server = await startServer({ dataDir })
  const customer = await signIn(server.origin, SIGN_INS.customer)
  const staff = await signIn(server.origin, PEOPLE.reseller)
  const order = await place(customer, await checkOut(customer, LINKS.monthly))
  const copy = join(await temporaryDataDir(), 'copy')
  const { stdout } = await buylink({ BUYLINK_DATA: dataDir }, 'backup', copy)
  assert.match(stdout, /files, .* MiB, copied while the server runs/)
  await approve(staff, order)
  await server.kill()

  // Sessions and secrets come along; what happened after the backup has not happened.
  const restored = await startServer({ dataDir: copy })
  const here = customer.at(restored.origin)
  assert.equal((await here.call<{ status: string }>('GET', `/api/v1/orders/${order.id}`)).status, 'waiting_for_payment')
  await approve(staff.at(restored.origin), order)
  await untilCompleted(here, order)
  await restored.stop()
})

test('a backup says what is in its way', async () => {
  const nowhere = await temporaryDataDir()
  const refused = (env: Record<string, string>, ...args: string[]) =>
    buylink(env, 'backup', ...args).then(
      () => assert.fail('It should be refused'),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    )
  const none = await refused({ BUYLINK_DATA: nowhere }, join(nowhere, 'copy'))
  assert.equal(none.code, 1)
  assert.match(none.stderr, /has no embedded database: set BUYLINK_DATA to a data directory/)
  const other = await refused({ DATABASE_URL: 'postgresql://a@b/c' }, join(nowhere, 'copy'))
  assert.equal(other.code, 2)
  assert.match(other.stderr, /back that server up with pg_basebackup or pg_dump/)
  assert.equal((await refused({})).code, 2)
})
