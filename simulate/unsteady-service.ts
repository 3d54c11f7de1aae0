import type { Clock } from '../src/kernel/time.ts'
import type { Connector } from '../src/provisioning/schema.ts'
import { chance } from './random.ts'

const REFUSED = 0.03
const STUMBLES = 0.05

/**
 * A service that now and then cannot be reached for a moment, and now and then refuses until it is asked again another
 * day. Which, depends on whom it is for and when, not on how often it is asked.
 */
export function unsteady(
  service: Connector,
  {
    seed,
    clock,
    nameOf,
  }: { readonly seed: number; readonly clock: Clock; readonly nameOf: (tenantId: string) => string },
): Connector {
  const stumbled = new Set<string>()
  return {
    name: service.name,
    async perform(request) {
      const time = clock.now().getTime()
      const fate = chance(seed, 'service', nameOf(request.tenantId), request.planId, request.operation, time)
      if (fate.isWithin(REFUSED)) return { kind: 'refused', message: 'No room today.' }
      const asked = `${request.id} ${time}`
      if (fate.isWithin(STUMBLES) && !stumbled.has(asked)) {
        stumbled.add(asked)
        throw new Error('The service cannot be reached.')
      }
      return service.perform(request)
    },
  }
}
