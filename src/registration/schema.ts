import { z } from 'zod'
import { Brand } from '../branding/schema.ts'
import { Instant, Uuid } from '../platform/http/schemas.ts'

/** Who is signed in, at which store, and what they may: all a page needs before it asks for anything else. */
export const SessionView = z.object({
  user: z
    .object({
      id: Uuid,
      number: z.string(),
      email: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      language: z.string(),
      roles: z.array(z.string()),
      businessTypes: z.array(z.string()),
      emailConfirmed: z.boolean(),
      owesSecondFactor: z.boolean().meta({
        description:
          'Staff of an installation that requires a second factor, without one: nothing else is open to them',
      }),
      hasPassword: z.boolean().meta({ description: 'false: signs in by mailed links until one is set' }),
    })
    .nullable(),
  account: z
    .object({
      id: Uuid,
      number: z.string(),
      name: z.string(),
      registration: z.enum(['quick', 'full']),
      status: z.enum(['active', 'credit_hold', 'administrative_hold', 'deleted']),
      holdReason: z.string(),
      currency: z.string(),
    })
    .nullable()
    .meta({ description: 'The payer account of the user, or of the customer the user belongs to' }),
  manager: z
    .object({ id: Uuid, name: z.string(), key: z.string().nullable(), active: z.boolean() })
    .nullable()
    .meta({ description: 'The manager the user signs in as: links made here carry this key' }),
  tenant: z.object({ id: Uuid, number: z.string(), name: z.string(), kind: z.string() }).nullable(),
  scopes: z.array(z.string()),
  csrfToken: z.string().nullable().meta({ description: 'Sent back as X-CSRF-Token with every change' }),
  store: z
    .object({
      name: z.string(),
      termsUrl: z.string().nullable(),
      privacyUrl: z.string().nullable(),
      origin: z.string(),
      defaultLanguage: z.string(),
    })
    .nullable()
    .meta({ description: 'The store that answers at this host' }),
  brand: Brand,
  testClock: z
    .object({ sellerId: Uuid, now: Instant, isMoving: z.boolean() })
    .nullable()
    .meta({ description: 'The time of a sandbox reseller: what is seen here is none of the real world’s' }),
  demonstration: z.boolean(),
  takesCards: z.boolean().meta({ description: 'Payments can be made by card, and cards kept' }),
  mailIsKept: z.boolean().meta({ description: 'No mail server is set: mails are read in the outbox page' }),
})
export type SessionView = z.output<typeof SessionView>
