import { z } from 'zod'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { type OutboundAnswer, SendFailure, send } from '../platform/outbound/post.ts'
import type { ForeignQuota, ForeignUsage } from './schema.ts'

/** What went wrong between us and a platform. `message` is safe to show: no secret and no address in it. */
export class PlatformFailure extends Error {
  override readonly name = 'PlatformFailure'
  /** Asking again changes nothing: the platform refused. */
  readonly isFinal: boolean
  /** The version that was named is not the one there. */
  readonly isStale: boolean
  constructor(
    message: string,
    { isFinal = false, isStale = false, cause }: { isFinal?: boolean; isStale?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.isFinal = isFinal
    this.isStale = isStale
  }
}

const Units = z
  .number()
  .nonnegative()
  .transform((units) => BigInt(Math.trunc(units)))
const Quota = z.object({ value: Units.nullish(), overage: Units.nullish(), version: Units.default(0n) })
const Paging = z.object({ cursors: z.object({ after: z.string().optional() }).default({}) }).optional()
const Tenant = z.object({
  id: z.uuid(),
  version: z.number().transform(BigInt),
  name: z.string().default(''),
  kind: z.string().default(''),
  contact: z.record(z.string(), z.unknown()).default({}),
})
export type ForeignTenant = z.output<typeof Tenant>
const User = z.object({
  id: z.uuid(),
  version: z.number().transform(BigInt),
  tenant_id: z.uuid(),
  login: z.string(),
  contact: z
    .looseObject({ email: z.string().nullish(), firstname: z.string().nullish(), lastname: z.string().nullish() })
    .default({}),
  enabled: z.boolean().default(true),
  personal_tenant_id: z.uuid().nullish(),
  business_types: z.array(z.string()).default([]),
  access_policies: z.array(z.object({ tenant_id: z.uuid(), role_id: z.string() })).default([]),
})
export type ForeignUser = z.output<typeof User>
const Usage = z.object({
  application_id: z.uuid(),
  name: z.string(),
  usage_name: z.string(),
  infra_id: z.uuid().nullish(),
  tenant_id: Units.nullish(),
  value: Units.nullish(),
  absolute_value: Units.nullish(),
  offering_item: z.object({ status: z.number().default(1), quota: Quota.nullish() }).nullish(),
})
const Usages = z.object({ items: z.array(z.object({ tenant: z.uuid(), usages: z.array(Usage) })) })

/** One conversation with a platform: signed in once, with the API client that was registered. */
export interface PlatformClient {
  /** The platform's tenant that the API client belongs to. */
  ownTenant(): Promise<string>
  /** All tenants at and below one. */
  tenants(rootId: string): Promise<ForeignTenant[]>
  users(rootId: string): Promise<ForeignUser[]>
  /** By tenant; those that the platform does not show are left out. */
  usages(tenantIds: readonly string[]): Promise<Map<string, ForeignUsage[]>>
  /** @throws {PlatformFailure} `isStale` when the quota was changed since it was read. */
  putQuota(tenantId: string, usage: ForeignUsage, quota: ForeignQuota): Promise<void>
}

const LISTS_BYTES = 32 * 1024 * 1024
const PAGE = 500
/** So that the address stays short. */
const TENANTS_A_CALL = 40

/**
 * @param access The secret in the clear.
 * @throws {PlatformFailure} It cannot be reached, or does not know the API client.
 */
export async function openPlatform(
  guard: OutboundGuard,
  { baseUrl, clientId, secret }: { readonly baseUrl: string; readonly clientId: string; readonly secret: string },
  timeoutMs = 15_000,
): Promise<PlatformClient> {
  const basic = Buffer.from(`${clientId}:${secret}`).toString('base64')
  const { access_token: token } = read(
    z.object({ access_token: z.string().min(1) }),
    await ask('POST', '/idp/token', {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    }),
  )

  async function ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    { headers, body = '' }: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
  ): Promise<OutboundAnswer> {
    try {
      const url = `${baseUrl}/api/2${path}`
      const answer = await send(guard, {
        method,
        url,
        headers: { accept: 'application/json', 'user-agent': 'Buylink', ...headers },
        body,
        timeoutMs,
        maxAnswerBytes: LISTS_BYTES,
      })
      if (answer.status >= 200 && answer.status < 300) return answer
      throw refusalOf(answer)
    } catch (error) {
      if (error instanceof SendFailure) throw new PlatformFailure(`${error.message}.`, { cause: error })
      throw error
    }
  }

  const call = async <Schema extends z.ZodType>(
    schema: Schema,
    method: 'GET' | 'PUT',
    path: string,
    body?: unknown,
  ) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return read(schema, await ask(method, path, { headers, ...(body !== undefined && { body: JSON.stringify(body) }) }))
  }
  const all = async <Item extends z.ZodType>(item: Item, path: string): Promise<z.output<Item>[]> => {
    const found: z.output<Item>[] = []
    let after: string | undefined
    do {
      const more = after === undefined ? '' : `&after=${encodeURIComponent(after)}`
      const page = await call(z.object({ items: z.array(item), paging: Paging }), 'GET', `${path}&limit=${PAGE}${more}`)
      found.push(...page.items)
      after = page.paging?.cursors.after
    } while (after !== undefined)
    return found
  }

  return {
    ownTenant: async () =>
      (await call(z.object({ tenant_id: z.uuid() }), 'GET', `/clients/${encodeURIComponent(clientId)}`)).tenant_id,
    tenants: (rootId) => all(Tenant, `/tenants?subtree_root_id=${rootId}&lod=full`),
    users: (rootId) => all(User, `/users?subtree_root_tenant_id=${rootId}&lod=full&with_access_policies=true`),
    async usages(tenantIds) {
      const found = new Map<string, ForeignUsage[]>()
      for (let start = 0; start < tenantIds.length; start += TENANTS_A_CALL) {
        const some = tenantIds.slice(start, start + TENANTS_A_CALL)
        const { items } = await call(Usages, 'GET', `/tenants/usages?tenants=${some.join(',')}`)
        for (const { tenant, usages } of items) found.set(tenant, usages.flatMap(usageOf))
      }
      return found
    },
    async putQuota(tenantId, { applicationId, item, infraId }, { value, overage, version }) {
      await call(z.unknown(), 'PUT', `/tenants/${tenantId}/offering_items`, {
        offering_items: [
          {
            application_id: applicationId,
            name: item,
            status: 1,
            ...(infraId !== null && { infra_id: infraId }),
            quota: { value: numberOf(value), overage: numberOf(overage), version: Number(version) },
          },
        ],
      })
    },
  }
}

const numberOf = (units: bigint | null): number | null => (units === null ? null : Number(units))

/** Items that are off carry no quota that could be raised. */
function usageOf(usage: z.output<typeof Usage>): ForeignUsage[] {
  const quota = usage.offering_item?.quota
  if (!quota || usage.offering_item?.status === 0) return []
  return [
    {
      usageName: usage.usage_name,
      applicationId: usage.application_id,
      item: usage.name,
      infraId: usage.infra_id ?? null,
      number: usage.tenant_id ?? null,
      used: usage.value ?? usage.absolute_value ?? 0n,
      quota: { value: quota.value ?? null, overage: quota.overage ?? null, version: quota.version },
    },
  ]
}

function read<Schema extends z.ZodType>(schema: Schema, { body, isTruncated }: OutboundAnswer): z.output<Schema> {
  if (isTruncated) throw new PlatformFailure('The platform’s answer is larger than 32 MiB.')
  try {
    return schema.parse(JSON.parse(body.toString() || 'null'))
  } catch (cause) {
    throw new PlatformFailure('The platform’s answer is not one of the compatible API.', { cause })
  }
}

function refusalOf({ status, body }: OutboundAnswer): PlatformFailure {
  if (status === 401)
    return new PlatformFailure('The platform does not know the API client, or its secret is another one.')
  if (status === 403) return new PlatformFailure('The API client may not do this on the platform.', { isFinal: true })
  const said = z.object({ error: z.object({ message: z.string() }) }).safeParse(jsonOf(body))
  const message = said.success ? said.data.error.message.slice(0, 300) : ''
  const isFinal = status >= 400 && status < 500 && ![408, 409, 425, 426, 429].includes(status)
  return new PlatformFailure(`The platform answered ${status}${message && `: ${message}`}`, {
    isFinal,
    isStale: status === 409,
  })
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
