import { newId, type SellerId } from '../kernel/ids.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import { tenantOf } from '../tenants/index.ts'
import { EVENT_TYPES, type EventTypeName } from './catalogue.ts'
import type { Stage } from './run-handlers.ts'

/** An event as it might be, where none of its type has happened yet. */
export const sampleEvent = (type: EventTypeName, sellerId: SellerId, at: Date): StoredEvent => ({
  sellerId,
  id: newId(at.getTime()),
  type,
  subject: { kind: type.split('.')[0] ?? '', id: newId(at.getTime()) },
  tenantId: tenantOf(sellerId),
  payload: EVENT_TYPES[type].example,
  actor: { kind: 'system', id: 'sample' },
  correlationId: newId(at.getTime()),
  at,
})

/** What a made-up event is about: nothing that exists. */
const SAMPLE = {
  account: { number: '1007', name: 'Contoso Dental', country: 'US', status: 'active', balance: '12.50 USD' },
  manager: { name: 'Carter', email: 'carter@example.com', key: 'carter81', notified: true },
  order: { number: 'O-17', status: 'completed', product: 'Backup', plan: 'Backup Business', total: '49.00 USD' },
  payment: {
    number: 'P-18',
    status: 'waiting_for_payment',
    total: '49.00 USD',
    received: '0.00 USD',
    due: '49.00 USD',
  },
  subscription: { number: '1', name: 'Backup Business', status: 'active' },
} as const

export const withSample = (stage: Stage): Stage => ({
  ...stage,
  context: { ...stage.context, variables: { ...stage.context.variables, ...SAMPLE } },
})
