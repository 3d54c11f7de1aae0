import { z } from 'zod'
import { BuylinkError } from '../../kernel/errors.ts'
import { headersFor } from './problem.ts'
import { type AnyRoute, type ErrorAnswer, type Failure, type Route, route } from './route.ts'
import { Uuid } from './schemas.ts'

/** Who speaks in an error of API v2 (facts/acronis-upsell.md §6.4). */
const DOMAIN = 'PlatformAccountServer'

/**
 * Platform codes of API v2 (facts/acronis-upsell.md §6.5), by what they mean, each with the HTTP status it comes with.
 * What has none answers with its HTTP status as the code.
 */
const PLATFORM = {
  internal: [1000, 500],
  version_mismatch: [1001, 409],
  access_denied: [1002, 403],
  parent_disabled: [1003, 400],
  name_conflict: [1004, 409],
  tenant_not_found: [1005, 404],
  not_disabled: [1006, 400],
  move_under_child: [1007, 400],
  move_within_customer: [1008, 400],
  storage_in_use: [1009, 400],
  tenant_locked: [1012, 403],
  move_under_disabled: [1013, 400],
  move_unavailable_items: [1014, 400],
  storage_in_use_below: [1016, 400],
  user_disabled: [1018, 400],
  item_unavailable: [1021, 400],
  hard_quota_exceeded: [1022, 402],
  item_dependency: [1023, 400],
  address_forbidden: [1024, 400],
  smtp_incorrect: [1025, 400],
  cannot_enable: [1026, 400],
  business_rules: [1027, 400],
  not_below_locker: [1032, 400],
  invalid_login: [1033, 400],
} as const
export type PlatformFault = keyof typeof PLATFORM

/** A failure as API v2 tells it. `context` holds ids that help the reader, `{id: '1415032'}`. */
export function platformError(
  fault: PlatformFault,
  message: string,
  context: Readonly<Record<string, string>> = {},
): BuylinkError {
  const [platformCode, status] = PLATFORM[fault]
  const code =
    status === 409 ? 'conflict' : status === 403 ? 'forbidden' : status === 404 ? 'not_found' : 'unprocessable'
  return new BuylinkError(code, message, { status, extra: { platformCode, context } })
}

/** Failures of operations that both API surfaces share, as API v2 has them. */
const TRANSLATED: Readonly<Record<string, PlatformFault>> = {
  internal: 'internal',
  version_mismatch: 'version_mismatch',
  forbidden: 'access_denied',
  unprocessable: 'business_rules',
}

/**
 * `{"error": {"code", "domain", "message", "details": {"info"}}}` (facts/acronis-upsell.md §6.4). For whatever fails on a path
 * of API v2, before its route is known too.
 */
export const renderPlatformError = (failure: Failure): ErrorAnswer => render(failure, TRANSLATED)

/** A path that names a tenant: what is not there, or not the caller's to see, is that tenant. */
const renderTenantError = (failure: Failure): ErrorAnswer =>
  render(failure, { ...TRANSLATED, not_found: 'tenant_not_found' })

function render({ error, requestId }: Failure, translation: Readonly<Record<string, PlatformFault>>): ErrorAnswer {
  const { platformCode, context } = error.extra
  const translated = typeof platformCode === 'number' ? undefined : translation[error.code]
  const [code, status] =
    typeof platformCode === 'number'
      ? [platformCode, error.status]
      : translated === undefined
        ? [error.status, error.status]
        : PLATFORM[translated]
  return {
    status,
    headers: headersFor(error),
    body: {
      error: {
        code,
        domain: DOMAIN,
        message: error.message,
        details: {
          info:
            error.problems.length > 0
              ? error.problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
              : null,
          addition: error.problems,
        },
        context: { request_id: requestId, ...(context as object | undefined) },
      },
    },
  }
}

/** A route of API v2: failures in its own shape, everything else as everywhere. */
export const v2Route = <I extends z.ZodType, O extends z.ZodType, const S extends string | null>(
  definition: Omit<Route<I, O, S>, 'renderError'>,
): AnyRoute =>
  route({
    ...definition,
    renderError: definition.path.includes('/tenants/:tenantId') ? renderTenantError : renderPlatformError,
  })

/**
 * The version that a write of API v2 carries in its query: text there, bigint inside. In a body it is `Version`.
 */
export const QueryVersion = z.codec(z.string().regex(/^\d{1,18}$/, 'Must be the version last read'), z.bigint(), {
  decode: BigInt,
  encode: String,
})

/** A switch in a query: text there, boolean inside. `1` and `0` are what older clients send. */
export const QueryFlag = z.codec(z.enum(['true', 'false', '1', '0']), z.boolean(), {
  decode: (text) => text === 'true' || text === '1',
  encode: String as (flag: boolean) => 'true' | 'false',
})

/** Several UUIDs in one query parameter, joined by commas. */
export const QueryUuids = z.codec(z.string().max(20_000), z.array(Uuid).min(1), {
  decode: (text) => text.split(','),
  encode: (ids) => ids.join(','),
})
