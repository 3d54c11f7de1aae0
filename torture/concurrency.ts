import { checkDatabase } from './check.ts'
import { startDatabase, startMembers } from './cluster.ts'
import type { Effort } from './effort.ts'
import { gatherPeople } from './people.ts'
import { untilQuiet } from './quiet.ts'
import { RACES } from './races.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** Servers on one database. */
const SERVERS = 3

/** Races at several servers at once for what there is one of; after each the database is asked from outside. */
export async function runConcurrency(tally: Tally, _random: Random, { races, rivals }: Effort): Promise<void> {
  const { address } = await startDatabase()
  const servers = await startMembers(SERVERS, { address })
  const { program, northwindId, customers } = await gatherPeople(servers[0], races)
  const origins = servers.map(({ origin }) => origin)
  for (const [round, customer] of customers.entries()) {
    for (const [race, run] of Object.entries(RACES)) {
      await run({ tally, origins, program, northwindId, customer, rivals, name: `${race} (${round + 1})` })
      tally.count('races')
      tally.count('rivals', rivals)
    }
    const left = await untilQuiet(address)
    if (left !== undefined) tally.problem('half', `after round ${round + 1} ${left}`)
    else await checkDatabase(address, tally, `after round ${round + 1}`)
    tally.say(`round ${round + 1} of ${customers.length}`)
  }
  for (const server of servers) await server.stop()
}
