import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { quiet, tellStories } from '../harness/order-stories.ts'
import { startServer } from '../harness/server.ts'
import { canHaveStandby, startPair } from '../harness/standby.ts'
import {
  approve,
  checkOut,
  createVisitor,
  LINKS,
  PEOPLE,
  place,
  register,
  signIn,
  untilCompleted,
  type Visitor,
} from '../harness/visitor.ts'

const SKIP = canHaveStandby() ? false : 'needs pg_basebackup of Debian’s postgresql-15'
const CALLERS = 3
/** Orders before the primary dies; more come while it does. */
const ENOUGH = 9

test('a standby that is promoted has every order that was acknowledged', { skip: SKIP, timeout: 180_000 }, async () => {
  const pair = await startPair()
  const env = {
    BUYLINK_SECRET: 'a secret of the tests, long enough',
    HOST: '127.0.0.1',
    BUYLINK_DEMO: '1',
    DATABASE_URL: pair.primary.connectionString,
  }
  const before = await startServer({ env })
  const operator = await signIn(before.origin, PEOPLE.operator)
  const staff = await signIn(before.origin, PEOPLE.reseller)
  const customers: Visitor[] = []
  for (let n = 0; n < CALLERS; n++) {
    const customer = createVisitor(before.origin)
    await register(customer, operator, `standby-${n}@moreau.example`)
    customers.push(customer)
  }
  const told: { readonly id: string; readonly customer: number; isApproved: boolean }[] = []
  let isDead = false
  const buy = async (customer: Visitor, n: number): Promise<void> => {
    while (!isDead) {
      const order = await place(customer, await checkOut(customer, LINKS.monthly))
      const entry = { id: order.id, customer: n, isApproved: false }
      told.push(entry)
      await approve(staff, order)
      entry.isApproved = true
    }
  }
  const buying = Promise.allSettled(customers.map(buy))
  while (told.length < ENOUGH) await Promise.race([buying, new Promise((resolve) => setTimeout(resolve, 50))])
  await pair.killPrimary()
  isDead = true
  await before.kill()
  await buying

  const client = new pg.Client({ connectionString: pair.standbyAddress })
  await client.connect()
  assert.deepEqual((await client.query('select pg_promote() as done')).rows, [{ done: true }])
  await client.end()

  const after = await startServer({ env: { ...env, DATABASE_URL: pair.standbyAddress } })
  for (const { id, customer, isApproved } of told) {
    const here = customers[customer]?.at(after.origin)
    assert.ok(here)
    const { status } = await here.request('GET', `/api/v1/orders/${id}`)
    assert.equal(status, 200, `order ${id} is there`)
    // What was approved goes on where it stood.
    if (isApproved) await untilCompleted(here, { id })
  }
  await quiet(pair.standbyAddress)
  const { orders, strays } = await tellStories(pair.standbyAddress)
  assert.equal(strays, 0)
  for (const { id } of told) assert.ok(orders.has(id))
  await after.stop()
  await pair.stop()
})
