import { z } from 'zod'
import { Instant, Uuid, Version } from '../platform/http/schemas.ts'
import { CustomerType, PricingMode, TenantKind } from './schema.ts'

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
