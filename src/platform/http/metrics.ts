import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface HttpMetrics {
  /** Where other parts of the server add theirs. */
  readonly registry: Registry
  observe(method: string, route: string, status: number, seconds: number): void
  /** One more request that the front door answered: no labels, no duration, since it has no time to lose. */
  countFrontDoor(): void
}

export function createHttpMetrics(): HttpMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'buylink_http_request_seconds',
    help: 'Time from a request to its answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  let frontDoor = 0
  new Counter({
    name: 'buylink_dispatcher_requests_total',
    help: 'Requests that the dispatcher answered',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(frontDoor)
    },
  })
  return {
    registry,
    observe: (method, route, status, seconds) => durations.observe({ method, route, status }, seconds),
    countFrontDoor: () => void frontDoor++,
  }
}
