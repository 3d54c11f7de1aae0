import { setTimeout as sleep } from 'node:timers/promises'
import { residentMiB } from '../bench/processes.ts'
import { type Ids, type Operation, operationsOf, thingsOf } from '../test/harness/isolation.ts'
import { addressOf, type ServerProcess, startServer, temporaryDataDir } from '../test/harness/server.ts'
import type { Answer } from '../test/harness/visitor.ts'
import { checkDatabase } from './check.ts'
import type { Effort } from './effort.ts'
import { sendLinks } from './hostile-links.ts'
import { visitPages } from './hostile-pages.ts'
import { type Attack, sendPictures, sendTemplates, tryRedirects, writeTables } from './hostile-parts.ts'
import { type MadeRequest, makeRequest } from './hostile-requests.ts'
import { leakOf } from './leaks.ts'
import { CLIENT, gatherPeople, type People, SETTINGS } from './people.ts'
import { asking, untilQuiet } from './quiet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** More than caches and the heap's own slack may take after tens of thousands of requests. */
const MOST_GROWTH_MIB = 250
const LONG_MS = 10_000
const CALLERS = 4

/** Everything that strangers, customers and staff can send, as wrong as it can be. */
export async function runHostile(tally: Tally, random: Random, effort: Effort): Promise<void> {
  sendLinks(tally, random.fork('links'), effort.links)
  writeTables(tally, random.fork('tables'), Math.ceil(effort.links / 100))
  const dataDir = await temporaryDataDir()
  const server = await startServer({ dataDir, env: SETTINGS, args: ['scripts/start.mjs'] })
  const people = await gatherPeople(server, 2)
  const { program, authorization, northwindId } = people
  const attack: Attack = { tally, program, authorization, northwindId, origin: server.origin }
  await tryRedirects(attack)
  await sendPictures(attack)
  await sendTemplates(attack)
  if (effort.isBounded) tally.notChecked('pages in a browser: that takes minutes; run the whole')
  else await visitPages(people, server.origin, tally, 25)
  await sendRequests({ tally, server, people, random, each: effort.requestsEach, address: addressOf(dataDir) })
  await assertWell(server, addressOf(dataDir), tally)
  await server.stop()
}

interface Barrage {
  readonly tally: Tally
  readonly server: ServerProcess
  readonly people: People
  readonly random: Random
  readonly each: number
  readonly address: string
}

type Headers = Readonly<Record<string, string>>

async function sendRequests({ tally, server, people, random, each, address }: Barrage): Promise<void> {
  const document = await people.program.call('GET', '/openapi.json')
  const operations = operationsOf(document)
  const ids = await asking(address, (client) => thingsOf(client as never, [people.northwindId]))
  const known: Ids = {
    ...ids,
    tenant: people.customers[0]?.accountId ?? '',
    account: people.customers[0]?.accountId ?? '',
  }
  const whoever: readonly (readonly [string, Headers])[] = [
    ['a stranger', {}],
    ['a customer', await headersOf(people)],
    ['the operator', { authorization: people.authorization }],
  ]
  const memory = () => residentMiB(server.pid).now
  const waiting = operations.flatMap((operation) => whoever.map(([name, headers]) => ({ operation, name, headers })))
  const all = waiting.length
  let before = 0
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, number) => {
      const own = random.fork(`caller ${number}`)
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        // Warm by now: what comes on top of it is growth.
        if (waiting.length < all * 0.7 && before === 0) before = memory()
        for (let time = 0; time < each; time++)
          await sendOne(next, idsFor(next.operation, known, own), server, own, tally)
        if (waiting.length % 100 === 0)
          tally.say(`${all - waiting.length} of ${all} operations and callers; ${Math.round(memory())} MiB`)
      }
    }),
  )
  await sleep(1_000)
  const growth = Math.round(memory() - before)
  tally.count('memory_growth_mib', growth)
  tally.count('operations', operations.length)
  if (growth > MOST_GROWTH_MIB) tally.problem('wrong', `the server grew by ${growth} MiB`)
}

/** What is there, most of the time; never where it would take away the ground that the rest stands on. */
function idsFor({ method, path }: Operation, known: Ids, random: Random): Ids {
  const destroys = method === 'DELETE' || /delete|hold|disable/.test(path)
  return destroys || random.happens(0.3) ? {} : known
}

async function sendOne(
  { operation, name, headers }: { readonly operation: Operation; readonly name: string; readonly headers: Headers },
  ids: Ids,
  server: ServerProcess,
  random: Random,
  tally: Tally,
): Promise<void> {
  const made = makeRequest(operation, ids, random)
  // Strangers are limited by their address; each of these comes from another one.
  const from = { 'x-forwarded-for': `10.${random.below(250)}.${random.below(250)}.${1 + random.below(250)}` }
  const started = performance.now()
  const answer = await send(server.origin, made, { ...headers, ...from, ...made.headers })
  const about = `${operation.name} (${made.how}, by ${name}) ${made.url.slice(0, 200)} ${String(made.body ?? '').slice(0, 200)}`
  tally.count('requests')
  if (!answer) {
    if (server.pid && residentMiB(server.pid).now > 0) return
    tally.problem('wrong', `the server ended at ${about}`)
    throw new Error(`The server ended: ${server.stderr().slice(-500)}`)
  }
  const tookMs = performance.now() - started
  if (answer.status >= 500)
    tally.problem('wrong', `${about} answers ${answer.status}: ${JSON.stringify(answer.body).slice(0, 200)}`)
  if (tookMs > LONG_MS) tally.problem('wrong', `${about} takes ${Math.round(tookMs)} ms`)
  const leak = leakOf(answer, [CLIENT.secret], `${made.url} ${String(made.body ?? '')} ${JSON.stringify(made.headers)}`)
  if (leak !== undefined) tally.problem('leaked', `${about}: ${leak}`)
  tally.count(answer.status < 300 ? 'requests_taken' : 'requests_refused')
}

/** @returns undefined: the client could not send it, or the connection was ended, which a broken request may earn. */
async function send(origin: string, { method, url, body }: MadeRequest, headers: Headers): Promise<Answer | undefined> {
  try {
    const response = await fetch(origin + url, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text }
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { status: 599, headers: new Headers(), body: 'no answer in 30 s' }
    return undefined
  }
}

async function headersOf({ customers }: People): Promise<Headers> {
  const visitor = customers[0]?.visitor
  if (!visitor) return {}
  const { csrf_token } = await visitor.call<{ csrf_token?: string }>('GET', '/api/v1/session')
  return { cookie: visitor.cookies(), 'x-csrf-token': csrf_token ?? '' }
}

/** After all of it the server works, its books are right, and its log holds nobody's name and no secret. */
async function assertWell(server: ServerProcess, address: string, tally: Tally): Promise<void> {
  const ready = await fetch(`${server.origin}/readyz`)
  if (!ready.ok) tally.problem('wrong', `afterwards /readyz answers ${ready.status}`)
  const left = await untilQuiet(address)
  if (left !== undefined) tally.problem('half', `afterwards ${left}`)
  await checkDatabase(address, tally, 'after hostile requests')
  const said = server.stdout() + server.stderr()
  for (const secret of [CLIENT.secret, '@torture.example', 'demonstration-password'])
    if (said.includes(secret))
      tally.problem(
        'leaked',
        `the log holds ${secret}: ${said.slice(Math.max(0, said.indexOf(secret) - 200)).slice(0, 400)}`,
      )
  const mistake = /^.*"level":(?:50|60|"error"|"fatal").*$/m.exec(said)?.[0]
  if (mistake !== undefined) tally.problem('wrong', `the log tells of a mistake: ${mistake.slice(0, 500)}`)
}
