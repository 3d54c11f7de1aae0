import { isbot } from 'isbot'

/** Previews, prefetchers, mail scanners and known bots do not count as visits (spec/buy-links.md "The dispatcher"). */
export function isVisitor(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`
  if (/prefetch|preview|prerender/i.test(purpose)) return false
  const agent = headers['user-agent']
  return typeof agent === 'string' && agent !== '' && !isKnownBot(agent)
}

const known = new Map<string, boolean>()

/** Office programs look at a link before they hand it to the browser. */
const OFFICE = /ms-office|microsoft office/i

/** The list of bots is one long expression; browsers send few different names. */
function isKnownBot(agent: string): boolean {
  let bot = known.get(agent)
  if (bot === undefined) {
    if (known.size >= 10_000) known.clear()
    bot = isbot(agent) || OFFICE.test(agent)
    if (agent.length <= 512) known.set(agent, bot)
  }
  return bot
}
