import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openMailbox } from '../test/harness/mailbox.ts'
import { startStripe } from '../test/harness/stripe.ts'
import { startDatabase, startMember } from './cluster.ts'
import { fillDisk } from './disk.ts'
import type { Effort } from './effort.ts'
import {
  expectClearErrors,
  expectRecovery,
  expectWhole,
  type FaultStage,
  setFaultStage,
  underLoad,
  withinMemory,
} from './fault-stage.ts'
import { tryPayments } from './payments.ts'
import { openDatabaseProxy, openProxy, type Proxy } from '../test/harness/proxy.ts'
import { asking } from './quiet.ts'
import type { Random } from './random.ts'
import type { ServerProcess } from '../test/harness/server.ts'
import type { Tally } from './tally.ts'
import { upgradeSideBySide } from './upgrade.ts'

interface Ground {
  readonly stage: FaultStage
  readonly server: ServerProcess
  readonly database: Proxy
  readonly mail: Proxy
  readonly clock: string
  readonly outageMs: number
  readonly tally: Tally
}

/** What goes wrong around a server, one after the other; in the end all that was begun is there, once. */
const FAULTS: Readonly<Record<string, (ground: Ground) => Promise<void>>> = {
  async 'the database is gone'({ stage, server, database, outageMs, tally }) {
    await underLoad(stage, async () => {
      database.cut()
      await sleep(outageMs / 3)
      await expectClearErrors(server, stage, 'without the database')
      await sleep(outageMs / 3)
      database.mend()
      await expectRecovery(server, tally, 'after the database was gone')
    })
  },

  async 'the database hangs'({ stage, server, database, outageMs, tally }) {
    await underLoad(stage, async () => {
      database.hang()
      await sleep(outageMs / 2)
      const alive = await fetch(`${server.origin}/healthz`)
      if (!alive.ok) tally.problem('wrong', `with a hanging database /healthz answers ${alive.status}`)
      database.mend()
      await expectRecovery(server, tally, 'after the database hung')
    })
  },

  async 'the database is slow'({ stage, database }) {
    database.delayMs = 120
    await underLoad(stage, () => sleep(6_000))
    database.delayMs = 0
  },

  async 'the database has no connection left'({ stage, server, outageMs, tally }) {
    const taken: pg.Client[] = []
    await underLoad(stage, async () => {
      // Those that the server has are ended, so that it has to ask for new ones.
      for (let full = false; !full; ) {
        const client = new pg.Client({ connectionString: stage.address })
        client.on('error', () => undefined)
        full = await client.connect().then(
          () => false,
          () => true,
        )
        if (!full) taken.push(client)
      }
      await taken[0]?.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'buylink%'`,
      )
      await sleep(outageMs / 4)
      const answer = await stage.people.program.request('GET', '/api/v1/orders').catch(() => undefined)
      if (!answer || ![200, 503].includes(answer.status))
        tally.problem('wrong', `without connections it answers ${answer?.status}`)
      await Promise.all(taken.map((client) => client.end().catch(() => undefined)))
      await expectRecovery(server, tally, 'after connections were short')
    })
  },

  async 'the receiver of webhooks fails'({ stage, outageMs }) {
    const { receiver } = stage
    await underLoad(stage, async () => {
      receiver.answer = 500
      await sleep(Math.min(4_000, outageMs))
      receiver.answer = (response) => void response.destroy()
      await sleep(1_000)
      await receiver.down()
      await sleep(1_000)
      await receiver.up()
      receiver.answer = 204
    })
  },

  async 'the mail server fails'({ stage, mail, outageMs }) {
    mail.cut()
    await underLoad(stage, () => sleep(Math.min(6_000, outageMs)))
    mail.mend()
  },
}

/**
 * The last one for its server. What a clock that was ahead has planned waits until then: nothing is lost by it, but nobody
 * waits for it here, neither another server nor the gateway, whose signatures are good for five minutes.
 */
async function clockJumps({ stage, clock }: Ground): Promise<void> {
  await underLoad(stage, async () => {
    for (const minutes of [-20, 0, 50]) {
      writeFileSync(clock, String(minutes * 60_000))
      await sleep(2_500)
    }
  })
}

/** Runs servers on a database behind a proxy, breaks what they stand on, and looks whether they come back by themselves. */
export async function runFaults(tally: Tally, random: Random, effort: Effort): Promise<void> {
  const { address, dataDir } = await startDatabase({ max_connections: '60' })
  const database = await openDatabaseProxy(address)
  const mailbox = await openMailbox()
  const mail = await openProxy({ host: '127.0.0.1', port: mailbox.port })
  const stripe = await startStripe()
  const clock = join(dataDir, 'clock')
  const server = await startMember({
    address: database.address,
    args: ['--import', './torture/shifted-clock.mjs', 'scripts/start.mjs'],
    env: {
      TORTURE_CLOCK: clock,
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_BASE: stripe.apiBase,
    },
  })
  const stage = await setFaultStage(server, address, random, tally)
  const ground: Ground = { stage, server, database, mail, clock, outageMs: effort.outageMs, tally }
  const live = async (what: string, fail: (ground: Ground) => Promise<void>): Promise<void> => {
    await withinMemory(server, tally, what, () => fail(ground))
    await expectWhole(stage, what)
    tally.count('faults')
    tally.say(`${what}: ${stage.load.ended.size} stories, ${stage.journal.acknowledged} acknowledged`)
  }
  for (const [what, fail] of Object.entries(FAULTS)) {
    if (effort.isBounded && what !== 'the database is gone') {
      tally.notChecked(`${what}: run the whole`)
      continue
    }
    await live(what, fail)
  }
  await tryPayments(stage, stripe, server.origin)
  await expectMails(address, mailbox.count(), tally)
  if (effort.isBounded) {
    tally.notChecked('another server that dies, a clock that jumps, a full disk, an upgrade: run the whole')
  } else {
    await anotherDies(stage, server, random)
    await live('the clock jumps', clockJumps)
    await fillDisk(tally, random)
    await upgradeSideBySide(tally, random)
  }
  await server.stop()
}

/** One of two servers is killed; the other takes over what it was at. */
async function anotherDies(stage: FaultStage, { origin }: ServerProcess, random: Random): Promise<void> {
  const { address, tally } = stage
  for (let time = 0; time < 3; time++) {
    const other = await startMember({ address, publicUrl: origin })
    await underLoad(stage, async () => {
      await sleep(500 + random.below(1_500))
      await other.kill()
      await sleep(500)
    })
  }
  await expectWhole(stage, 'after another server died')
  tally.count('faults')
  tally.say('another server died three times')
}

/** Every mail was sent; a mail server that fails in the middle may have taken one twice. */
async function expectMails(address: string, received: number, tally: Tally): Promise<void> {
  const rows = await asking(
    address,
    async (client) =>
      (
        await client.query<{ status: string; count: number }>(
          'select status, count(*)::integer as count from mails group by status',
        )
      ).rows,
  )
  const sent = rows.find(({ status }) => status === 'sent')?.count ?? 0
  const rest = rows.filter(({ status }) => status !== 'sent')
  if (rest.length > 0)
    tally.problem('lost', `mails: ${rest.map(({ status, count }) => `${count} ${status}`).join(', ')}`)
  if (received < sent) tally.problem('lost', `${sent} mails were sent, ${received} came`)
  tally.count('mails', sent)
  tally.count('mail_copies', received - sent)
}
