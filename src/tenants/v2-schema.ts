import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { idOf, Instant, Uuid, Version } from '../platform/http/schemas.ts'
import { CustomerType, PricingMode, type StoredContact, TenantKind } from './schema.ts'

const text = z.string()

/** Contact data of a tenant (facts/acronis-upsell.md §4.2), in names of the wire. */
export const ContactV2 = z.object({
  id: Uuid,
  created_at: Instant,
  updated_at: Instant,
  types: z.array(text),
  email: text,
  address1: text,
  address2: text,
  country: text,
  state: text,
  city: text,
  zipcode: text,
  phone: text,
  firstname: text,
  lastname: text,
  title: text,
  website: text,
  industry: text,
  organization_size: text,
  email_confirmed: z.boolean(),
  aan: text,
})
export type ContactV2 = z.output<typeof ContactV2>

export const UpdateLockV2 = z.object({ enabled: z.boolean(), ownerId: Uuid.nullable() })

/** A tenant as API v2 has it (facts/acronis-upsell.md §4.2). */
export const TenantV2 = z.object({
  id: Uuid,
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
  name: text,
  customerType: CustomerType,
  parentId: Uuid.meta({ description: 'The root’s is its own' }),
  kind: TenantKind,
  contact: ContactV2,
  contacts: z.array(ContactV2),
  enabled: z.boolean(),
  customerId: text.nullable(),
  brandId: z.int().meta({ description: 'API v1 id of the brand that applies here' }),
  brandUuid: Uuid,
  brandEnabled: z.boolean().meta({ description: 'Whether it has a brand of its own, enabled' }),
  internalTag: text.nullable(),
  language: text,
  ownerId: Uuid.nullable().meta({ description: 'Whose personal tenant it is' }),
  hasChildren: z.boolean(),
  defaultIdpId: Uuid.nullable(),
  updateLock: UpdateLockV2,
  ancestralAccess: z.boolean(),
  mfaStatus: z.enum(['disabled', 'forcibly_disabled', 'setup_required', 'enabled']),
  pricingMode: PricingMode,
  productionStartDate: Instant.nullable(),
  externalOperationStatus: text.nullable(),
  path: z.array(Uuid).optional().meta({ description: 'Ancestors, the nearest first; with `embed_path`' }),
})
export type TenantV2 = z.output<typeof TenantV2>

/** Texts of a contact; those that only we write are taken, so that what was read can be sent back, and left as they are. */
const ContactText = z.string().max(1000).optional()
export const ContactInput = z.object({
  id: Uuid.optional(),
  created_at: Instant.optional(),
  updated_at: Instant.optional(),
  types: z
    .array(z.enum(['legal', 'primary', 'billing', 'technical', 'management', 'company_billing']))
    .max(6)
    .optional(),
  email: z
    .string()
    .max(254)
    .regex(/^(\S+@\S+)?$/, 'Must be an e-mail address, or empty')
    .optional(),
  address1: ContactText,
  address2: ContactText,
  country: ContactText,
  state: ContactText,
  city: ContactText,
  zipcode: ContactText,
  phone: ContactText,
  firstname: ContactText,
  lastname: ContactText,
  title: ContactText,
  website: ContactText,
  industry: ContactText,
  organization_size: ContactText,
  email_confirmed: z.boolean().optional(),
  aan: ContactText,
})

/** What of a contact its writer decides. */
export const writtenContact = (given: z.output<typeof ContactInput>): StoredContact => {
  const { id: _id, created_at: _created, updated_at: _updated, email_confirmed: _confirmed, ...rest } = given
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
}

const Name = z.string().trim().min(1).max(255)
/** A language as the documents write it: `en`, `pt-BR`. */
const Language = z.string().regex(/^[a-z]{2}(-[A-Z]{2}|-419)?$/, 'Must be a language such as en or pt-BR')
const Words = {
  customerId: z.string().max(256).nullable().optional(),
  internalTag: z.string().max(256).nullable().optional(),
  language: Language.optional(),
  defaultIdpId: Uuid.nullable().optional(),
  ancestralAccess: z.boolean().optional(),
  enabled: z.boolean().optional(),
  customerType: CustomerType.optional(),
  contact: ContactInput.optional(),
}
const UpdateLockInput = z.object({ enabled: z.boolean(), ownerId: Uuid.nullable().optional() })

export const NewTenantV2 = z.object({
  name: Name,
  kind: TenantKind.exclude(['root']),
  parentId: idOf<TenantId>(),
  ...Words,
  updateLock: UpdateLockInput.optional(),
  companyBillingContact: ContactInput.optional(),
})

export const TenantChangeV2 = z.object({
  tenantId: idOf<TenantId>(),
  version: Version,
  name: Name.optional(),
  kind: TenantKind.optional(),
  parentId: idOf<TenantId>().optional(),
  ...Words,
  updateLock: UpdateLockInput.optional(),
  brandId: z
    .int()
    .nullable()
    .optional()
    .meta({ description: 'Taken and left as it is: brands have calls of their own' }),
})

const CURRENCIES = ['AUD', 'BRL', 'CAD', 'EUR', 'CNY', 'GBP', 'JPY', 'KZT', 'NZD', 'RUB', 'USD', 'ZAR'] as const
export const PricingV2 = z.object({
  mode: PricingMode,
  currency: z.enum(CURRENCIES).nullable(),
  version: z.codec(z.int().nonnegative(), z.bigint().nonnegative(), { decode: BigInt, encode: Number }),
  productionStartDate: Instant.nullable(),
})

/** How much of each tenant a list tells. */
export const LevelOfDetail = z.enum(['stamps', 'basic', 'full'])

const Stamps = TenantV2.pick({ id: true, version: true, createdAt: true, updatedAt: true, deletedAt: true })
export const ListedTenantV2 = z.object({ ...TenantV2.partial().shape, ...Stamps.shape })

/** A tenant with no more than was asked for. */
export function atLevel(tenant: TenantV2, level: z.output<typeof LevelOfDetail>): z.output<typeof ListedTenantV2> {
  if (level === 'full') return tenant
  const { id, version, createdAt, updatedAt, deletedAt } = tenant
  if (level === 'stamps') return { id, version, createdAt, updatedAt, deletedAt }
  const { contact: _contact, contacts: _contacts, path: _path, ...basic } = tenant
  return basic
}
