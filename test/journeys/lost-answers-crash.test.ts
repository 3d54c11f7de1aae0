import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REQUEST_CRASHES } from '../harness/request-crashes.ts'
import { startServer, demonstrationDataDir } from '../harness/server.ts'
import { PEOPLE, signIn, type Visitor } from '../harness/visitor.ts'

const [STEP_COMMITTED, PERFORMED] = REQUEST_CRASHES
const TEMPLATES = { en: { subject: 'Ordered', body: 'Hello' } }
const HANDLER = { event_type: 'order.placed', channel: 'email', recipients: ['staff'], templates: TEMPLATES }

/**
 * Nothing in what they are given tells a second one from the first: only the key does. Each is cut short at a crash
 * point, which the one before it, asked for again, may have passed once (`#2`).
 */
const CREATED = [
  { path: '/api/v1/managers', crash: STEP_COMMITTED, body: { name: 'Twice', role: 'sales' } },
  {
    path: '/api/v1/webhooks',
    crash: `${PERFORMED}#2`,
    body: { url: 'https://receiver.example/hook', description: 'Twice' },
  },
  { path: '/api/v1/clients', crash: STEP_COMMITTED, body: { name: 'Twice' } },
  { path: '/api/v1/event-handlers', crash: `${PERFORMED}#2`, body: { name: 'Twice', ...HANDLER } },
] as const

type Created = (typeof CREATED)[number]

interface Made {
  readonly id: string
  readonly secret?: string
}

const ask = (staff: Visitor, { path, body }: Created): Promise<Made> =>
  staff.call<Made>('POST', path, body, { 'idempotency-key': `twice ${path}`.replace(' ', '-') })

/** How often it is there. */
async function countOf(staff: Visitor, { path }: Created): Promise<number> {
  const { items } = await staff.call<{ items: { name?: string; description?: string }[] }>('GET', path)
  return items.filter(({ name, description }) => name === 'Twice' || description === 'Twice').length
}

test('a server that is killed once it has done what it was asked for tells it when asked again, and does it once', async () => {
  const dataDir = await demonstrationDataDir()
  let server = await startServer({ dataDir })
  const staff = await signIn(server.origin, PEOPLE.reseller)
  let cut: Created | undefined
  for (const created of [...CREATED, undefined]) {
    await server.stop()
    server = await startServer({ dataDir, env: created ? { BUYLINK_CRASH_AT: created.crash } : {} })
    const here = staff.at(server.origin)
    if (cut) {
      assert.equal(await countOf(here, cut), 1, `${cut.path}: it had been done`)
      const told = await ask(here, cut)
      assert.equal(await countOf(here, cut), 1, `${cut.path}: it was done once`)
      assert.deepEqual(await ask(here, cut), told)
    }
    if (created) {
      await assert.rejects(ask(here, created), `${created.path}: no answer`)
      assert.deepEqual(await server.exited, { status: null, signal: 'SIGKILL' })
    }
    cut = created
  }
  await server.stop()
})
