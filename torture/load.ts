import { Cut, type Journal, Refused } from './journal.ts'
import type { People } from './people.ts'
import type { Random } from './random.ts'
import { KINDS, type Outcome, type Story, tell } from './stories.ts'
import type { Tally } from './tally.ts'

/** Callers that begin stories until they are cut off, and finish them afterwards. */
export interface Load {
  /** Begins stories, `callers` at a time, until the signal, or until the server no longer answers. */
  run(until: AbortSignal, callers: number): Promise<void>
  /** Tells all that was cut off again from the start. @throws {Cut} Cut off again. */
  finish(): Promise<void>
  /** Tells some that had ended again: nothing may happen. @throws {Cut} */
  again(count: number): Promise<void>
  /** Stories told to their end, and what must be true for each. */
  readonly ended: ReadonlyMap<Story, Outcome>
}

export function createLoad(options: {
  readonly people: People
  readonly journal: Journal
  readonly random: Random
  readonly tally: Tally
}): Load {
  const { people, journal, random, tally } = options
  const underWay = new Set<Story>()
  const ended = new Map<Story, Outcome>()
  let count = 0

  function begin(): Story {
    const name = `story-${++count}`
    const story: Story = {
      name,
      kind: random.pick(KINDS),
      customer: random.pick(people.customers),
      program: people.program,
      northwindId: people.northwindId,
      at: Date.now(),
      random: random.fork(name),
    }
    underWay.add(story)
    return story
  }

  async function play(story: Story): Promise<void> {
    try {
      ended.set(story, await tell(story, journal))
      underWay.delete(story)
    } catch (error) {
      // It is in the tally; asking again would only say it again.
      if (error instanceof Refused) underWay.delete(story)
      else throw error
    }
  }

  return {
    ended,
    async run(until, callers) {
      const caller = async () => {
        while (!until.aborted) await play(begin())
      }
      const results = await Promise.allSettled(Array.from({ length: callers }, caller))
      for (const result of results)
        if (result.status === 'rejected' && !(result.reason instanceof Cut)) throw result.reason
    },
    async finish() {
      const waiting = [...underWay]
      tally.count('stories_resumed', waiting.length)
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          for (let story = waiting.shift(); story; story = waiting.shift()) await play(story)
        }),
      )
    },
    async again(times) {
      const told = [...ended.keys()]
      for (let time = 0; time < times && told.length > 0; time++) {
        const story = random.pick(told)
        await tell(story, journal).catch((error: unknown) => {
          if (!(error instanceof Refused)) throw error
        })
      }
    },
  }
}
