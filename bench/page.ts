import { type ClaimResult, claimOf, type Effort } from './claim.ts'
import { headersOf, startLimitServer } from './limit.ts'
import { ask } from './loader.ts'
import { against, inTurns, loadAndAccount, type Pair } from './measure.ts'
import { makeDataDir, startServer } from './server.ts'

const CALLERS = 32
const PATH = '/product/backup'

/**
 * Measures the claim `page`: the demonstration store's product page, and all that a first visit to it loads. Limit: a
 * bare `node:http` server that sends the same bytes with the same headers to the same requests.
 */
export async function measurePage(effort: Effort): Promise<ClaimResult[]> {
  const server = await startServer(await makeDataDir(), { BUYLINK_DEMO: '1' })
  const get = (path: string) =>
    Buffer.from(
      `GET ${path} HTTP/1.1\r\nHost: localhost:${server.port}\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\nAccept-Language: en\r\n\r\n`,
    )
  const { head, body } = await ask(server.port, get(PATH))
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(`There is no product page: ${head}`)
  const limit = await startLimitServer({ status: 200, headers: headersOf(head), body: body.toString('base64') })

  const compare = (next: () => Buffer): Promise<Pair[]> => {
    const side = (target: { port: number; pid: number }) => () =>
      loadAndAccount(target.pid, {
        port: target.port,
        connections: CALLERS,
        durationMs: effort.roundMs,
        status: 200,
        next,
      })
    return inTurns(effort.rounds, side(server), side(limit))
  }
  const page = get(PATH)
  let visit = 0
  return [
    against('page', 0.5, PATH, await compare(() => page)),
    against(
      'page',
      0.5,
      `${PATH}?utm_content=…, another each time`,
      await compare(() => get(`${PATH}?utm_content=${++visit}`)),
    ),
    await weigh(body.toString(), async (path) => {
      const answer = await ask(server.port, get(path))
      return answer.head.length + 4 + answer.body.length
    }),
  ]
}

/** Bytes over the wire of a first visit: headers and bodies of the page and of everything it names. */
async function weigh(html: string, bytesOf: (path: string) => Promise<number>): Promise<ClaimResult> {
  const named = [...html.matchAll(/<(?:link|script|img)[^>]+?(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')
  const scripts = [...html.matchAll(/<script/g)].length
  const pageBytes = await bytesOf(PATH)
  const restBytes = await Promise.all([...new Set(named)].map((path) => bytesOf(path.replaceAll('&amp;', '&'))))
  const total = restBytes.reduce((sum, bytes) => sum + bytes, pageBytes) / 1024
  return claimOf(
    {
      claim: 'page',
      variant: 'bytes of a first visit over the wire',
      goal: 30,
      bound: 'most',
      unit: 'KiB',
      info: `the page alone ${(pageBytes / 1024).toFixed(1)} KiB, ${restBytes.length} files with it, ${scripts} scripts`,
    },
    [total],
  )
}
