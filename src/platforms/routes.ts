import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { withCsv } from '../platform/http/csv.ts'
import { sortInput, sortWhole } from '../platform/http/list.ts'
import { idOf, Instant, pageInput, Uuid, Whole } from '../platform/http/schemas.ts'
import { mirrorOne, mirrorPlatform, type PlatformDeps } from './mirror-platform.ts'
import { PlatformFailure } from './platform-client.ts'
import {
  CUSTOMER_LISTING,
  CustomerList,
  CustomerView,
  findHome,
  listCustomers,
  listPlatforms,
  listRaisesOf,
  PlatformView,
  RaiseView,
} from './platform-view.ts'
import { changePlatform, linkCustomer, registerPlatform } from './register-platform.ts'
import { findPlatform } from './store.ts'

/** The page of who comes from there waits for no longer. */
const ARRIVAL_MS = 4_000
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'Use small letters, digits and hyphens, two at least')
  .meta({ examples: ['data-centre'] })
const Key = z.object({ platform: Name })
const Fields = {
  title: z.string().trim().min(1).max(100),
  baseUrl: z.string().max(500).meta({ description: 'Without the path of the API: `https://dc.example`' }),
  clientId: z.string().trim().min(1).max(200),
  secret: z.string().min(1).max(500),
}

async function getView(db: Db, sellerId: SellerId, name: string): Promise<PlatformView> {
  const [view] = await listPlatforms(db, sellerId, name)
  if (!view) throw new BuylinkError('not_found', 'There is no such platform.')
  return view
}

async function getPlatform(db: Db, sellerId: SellerId, name: string) {
  const platform = await findPlatform(db, sellerId, name)
  if (!platform) throw new BuylinkError('not_found', 'There is no such platform.')
  return platform
}

/** Other platforms that speak the compatible API, whose customers buy here (spec/upsell.md "Platform connector"). */
const SORTS = {
  title: ({ title }: PlatformView) => title,
  synced_at: ({ syncedAt }: PlatformView) => syncedAt && syncedAt.getTime(),
  customers: ({ customers }: PlatformView) => customers,
  users: ({ users }: PlatformView) => users,
}

export const platformRoutes = (deps: PlatformDeps): readonly AnyRoute[] => [
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/platforms',
      scope: 'platforms:read',
      summary: 'List the platforms whose customers buy here',
      input: z.object(sortInput({ keys: SORTS })),
      output: z.object({ items: z.array(PlatformView) }),
      handle: async ({ db, actor }, { sort }) => ({
        items: sortWhole(await listPlatforms(db, actor.sellerId), sort, SORTS),
      }),
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/platforms/:platform',
    scope: 'platforms:read',
    summary: 'Read a platform with how it stands, and the quotas that were raised there',
    input: Key,
    output: PlatformView.extend({
      raises: z.array(RaiseView).meta({ description: 'The latest 200, waiting ones first' }),
    }),
    handle: async ({ db, actor }, { platform }) => ({
      ...(await getView(db, actor.sellerId, platform)),
      raises: await listRaisesOf(db, actor.sellerId, platform),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/platforms',
    scope: 'platforms:write',
    summary: 'Register a platform that speaks the compatible API',
    description:
      'With an API client of the platform whose tenant is at or above the customers. They, their people, quotas and usages are ' +
      'followed every minute while it is enabled.',
    status: 201,
    input: z.object({
      name: Name,
      title: Fields.title,
      baseUrl: Fields.baseUrl,
      clientId: Fields.clientId,
      secret: Fields.secret,
      enabled: z.boolean().default(true),
    }),
    output: PlatformView,
    handle: async ({ db, clock, actor }, input) => {
      await registerPlatform({ ...deps, db, clock }, actor, input)
      return getView(db, actor.sellerId, input.name)
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/platforms/:platform',
    scope: 'platforms:write',
    summary: 'Change how a platform is reached, or whether it is followed',
    description: 'A new address asks for the secret again: it is sent to no other than the one it was given for.',
    input: Key.extend(z.object({ ...Fields, enabled: z.boolean() }).partial().shape),
    output: PlatformView,
    handle: async ({ db, clock, actor }, { platform, ...change }) => {
      await changePlatform({ ...deps, db, clock }, actor, platform, change)
      return getView(db, actor.sellerId, platform)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/platforms/:platform/sync',
    scope: 'platforms:write',
    summary: 'Look at a platform now',
    description: 'How it went is in the answer: `sync_error`.',
    input: Key,
    output: PlatformView,
    handle: async ({ db, actor }, { platform }) => {
      await mirrorPlatform(deps, await getPlatform(db, actor.sellerId, platform))
      return getView(db, actor.sellerId, platform)
    },
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/platforms/:platform/customers',
      scope: 'platforms:read',
      summary: 'List the customers of a platform with ours that stand for them',
      input: Key.extend({
        ...pageInput,
        ...sortInput(CUSTOMER_LISTING),
        query: z.string().trim().min(1).max(200).optional(),
      }),
      output: CustomerList,
      handle: async ({ db, actor }, { platform, ...wish }) => {
        await getPlatform(db, actor.sellerId, platform)
        return listCustomers(db, actor.sellerId, platform, wish)
      },
    }),
  ),
  route({
    method: 'PATCH',
    path: '/api/v1/platforms/:platform/customers/:customerId',
    scope: 'platforms:write',
    summary: 'Say which account a customer of a platform is',
    description: 'For one that was a customer here before: its people there are found among those of that account.',
    input: Key.extend({ customerId: Uuid, accountId: idOf<TenantId>().optional() }),
    output: CustomerView,
    handle: async ({ db, clock, actor }, input) => {
      await linkCustomer({ db, clock }, actor, input)
      const { items } = await listCustomers(db, actor.sellerId, input.platform, { limit: 200 })
      const found = items.find(({ id }) => id === input.customerId)
      if (!found) throw new BuylinkError('not_found', 'There is no such customer.')
      return found
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/platforms/:platform/arrivals',
    scope: 'offers:write',
    summary: 'Somebody comes from a platform: look at their company there now',
    description:
      'For whoever is signed in: their own company, whatever the link says. `tenant_number` is the link’s, in the platform’s ' +
      'numbers; it only tells whether the link was made for this company.',
    input: Key.extend({ tenantNumber: Whole.optional() }),
    output: z.object({
      title: z.string(),
      isKnown: z.boolean().meta({ description: 'The caller’s company is a customer there' }),
      isOther: z.boolean().meta({ description: 'The link was made for another company' }),
      asOf: Instant.nullable(),
      isStale: z.boolean().meta({ description: 'The platform did not answer: this is what it said last' }),
    }),
    handle: async ({ db, actor }, { platform: name, tenantNumber }) => {
      const platform = await getPlatform(db, actor.sellerId, name)
      const key = { sellerId: actor.sellerId, tenantId: actor.tenantId, platform: name }
      const home = await findHome(db, key)
      if (!home)
        return {
          title: platform.title,
          isKnown: false,
          isOther: tenantNumber !== undefined,
          asOf: null,
          isStale: false,
        }
      const isStale = await mirrorOne(deps, platform, home.customerId, ARRIVAL_MS).then(
        () => false,
        (error: unknown) => {
          if (error instanceof PlatformFailure) return true
          throw error
        },
      )
      const now = (await findHome(db, key)) ?? home
      const isOther = tenantNumber !== undefined && tenantNumber !== now.number
      return { title: platform.title, isKnown: true, isOther, asOf: now.readAt, isStale }
    },
  }),
]
