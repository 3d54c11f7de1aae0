import { z } from 'zod'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { idOf, Instant, Uuid, Version } from '../platform/http/schemas.ts'
import { ContactInput, ContactV2 } from '../tenants/index.ts'
import { TenantKind } from '../tenants/schema.ts'
import { BUSINESS_TYPES, NOTIFICATIONS, RoleId } from './schema.ts'

const text = z.string()
const BusinessType = z.enum(BUSINESS_TYPES)
const Notification = z.enum(NOTIFICATIONS)

export const UserContactV2 = ContactV2.extend({ fax: text, language: text })

/** A role that a user holds (facts/acronis-upsell.md §7). */
export const AccessPolicyV2 = z.object({
  id: Uuid,
  version: Version,
  trusteeId: Uuid,
  trusteeType: z.literal('user'),
  issuerId: Uuid,
  tenantId: Uuid,
  roleId: RoleId,
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
})
export type AccessPolicyV2 = z.output<typeof AccessPolicyV2>

/** A user as API v2 has it (facts/acronis-upsell.md §7). */
export const UserV2 = z.object({
  id: Uuid,
  version: Version,
  tenantId: Uuid,
  login: text,
  contact: UserContactV2,
  activated: z.boolean(),
  enabled: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
  language: text,
  idpId: Uuid.nullable(),
  externalId: text.nullable(),
  personalTenantId: Uuid.nullable(),
  businessTypes: z.array(BusinessType),
  notifications: z.array(Notification),
  mfaStatus: z.enum(['disabled', 'forcibly_disabled', 'setup_required', 'enabled']),
  disableAfter: Instant.nullable(),
  externalOperationStatus: text.nullable(),
  termsAccepted: z.boolean(),
  accessPolicies: z.array(AccessPolicyV2).optional(),
})
export type UserV2 = z.output<typeof UserV2>

export const MeV2 = UserV2.extend({
  tenantKind: TenantKind,
  tenantPricingModel: z.enum(['trial', 'production', 'suspended']),
  brandId: Uuid.nullable().meta({ description: 'Of the brand that applies; null: nobody above has one' }),
  loginTotpTime: z.int().nullable().meta({ description: 'When a second factor was last given, unix seconds' }),
})

const Language = z.string().regex(/^[a-z]{2}(-[A-Z]{2}|-419)?$/, 'Must be a language such as en or pt-BR')
const UserContactInput = ContactInput.extend({ fax: text.max(1000).optional(), language: text.max(20).optional() })
/** Judged by `loginProblem`, whose refusal has a platform code of its own. */
const Login = z.string().max(1000)

const Words = {
  login: Login.optional(),
  contact: UserContactInput.optional(),
  enabled: z.boolean().optional(),
  language: Language.optional(),
  externalId: z.string().max(256).nullable().optional(),
  idpId: Uuid.nullable().optional(),
  businessTypes: z.array(BusinessType).max(1).optional(),
  notifications: z.array(Notification).max(NOTIFICATIONS.length).optional(),
  disableAfter: Instant.nullable().optional(),
}
export const NewUserV2 = z.object({ tenantId: idOf<TenantId>(), ...Words })
export const UserChangeV2 = z.object({ userId: idOf<UserId>(), version: Version, ...Words })

const ZERO = '00000000-0000-0000-0000-000000000000'
/** A role to be held. What only the server writes is taken, so that a list that was read can be sent back. */
export const AccessPolicyInput = z.object({
  id: z
    .string()
    .optional()
    .meta({ description: `Of a new one \`${ZERO}\`` }),
  version: z.int().nonnegative().optional(),
  trusteeId: Uuid.optional(),
  trusteeType: z.literal('user').optional(),
  issuerId: z.string().optional(),
  tenantId: idOf<TenantId>(),
  roleId: RoleId,
  resourceServerId: text.nullable().optional(),
  resourceNamespace: text.nullable().optional(),
  resourcePath: text.nullable().optional(),
  createdAt: text.nullable().optional(),
  updatedAt: text.nullable().optional(),
  deletedAt: text.nullable().optional(),
})

const Stamps = UserV2.pick({ id: true, version: true, createdAt: true, updatedAt: true, deletedAt: true })
export const ListedUserV2 = z.object({ ...UserV2.partial().shape, ...Stamps.shape })

/** A user with no more than was asked for. */
export function atUserLevel(user: UserV2, level: 'stamps' | 'basic' | 'full'): z.output<typeof ListedUserV2> {
  if (level === 'full') return user
  const { id, version, createdAt, updatedAt, deletedAt } = user
  if (level === 'stamps') return { id, version, createdAt, updatedAt, deletedAt }
  const { contact: _contact, accessPolicies: _policies, ...basic } = user
  return basic
}
