import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from './application.ts'

/** Waits when it is told to: there are more operations than a user may call at once. */
export const patient = (hasty: Caller): Caller => ({
  ...hasty,
  async send(...request) {
    const answer = await hasty.send(...request)
    if (answer.status !== 429) return answer
    await sleep(Number(answer.headers['retry-after']) * 1000)
    return this.send(...request)
  },
})
