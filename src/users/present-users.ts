import type { Db, Tx } from '../platform/db.ts'
import { listPolicies } from './profile-store.ts'
import { BUSINESS_TYPES, NOTIFICATIONS, type AccessPolicy, type UserProfile } from './schema.ts'
import type { AccessPolicyV2, UserV2 } from './v2-user-schema.ts'

/** Users as API v2 shows them. */
export async function presentUsers(
  db: Db | Tx,
  users: readonly UserProfile[],
  withPolicies = false,
): Promise<UserV2[]> {
  const policies = withPolicies && users.length > 0 ? await listPolicies(db, users) : []
  return users.map((user) => ({
    id: user.id,
    version: user.version,
    tenantId: user.tenantId,
    login: user.login,
    contact: contactOf(user),
    activated: user.hasPassword || user.emailConfirmedAt !== null,
    enabled: user.enabled,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    deletedAt: null,
    language: user.language,
    idpId: user.idpId,
    externalId: user.externalId,
    personalTenantId: user.personalTenantId,
    businessTypes: BUSINESS_TYPES.filter((each) => user.businessTypes.includes(each)),
    notifications: NOTIFICATIONS.filter((each) => user.notifications.includes(each)),
    mfaStatus: 'disabled',
    disableAfter: user.disableAfter,
    externalOperationStatus: null,
    termsAccepted: true,
    ...(withPolicies && {
      accessPolicies: policies.filter(({ userId }) => userId === user.id).map(presentPolicy),
    }),
  }))
}

export const presentPolicy = (policy: AccessPolicy): AccessPolicyV2 => ({
  id: policy.id,
  version: policy.version,
  trusteeId: policy.userId,
  trusteeType: 'user',
  issuerId: policy.issuerId ?? policy.tenantId,
  tenantId: policy.tenantId,
  roleId: policy.roleId,
  createdAt: policy.createdAt,
  updatedAt: policy.updatedAt ?? policy.createdAt,
  deletedAt: null,
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function contactOf(user: UserProfile): UserV2['contact'] {
  const { contact } = user
  return {
    id: user.id,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    types: [...(contact.types ?? [])],
    email: user.email,
    address1: text(contact['address1']),
    address2: text(contact['address2']),
    country: text(contact['country']),
    state: text(contact['state']),
    city: text(contact['city']),
    zipcode: text(contact['zipcode']),
    phone: user.phone,
    firstname: user.firstName,
    lastname: user.lastName,
    title: text(contact['title']),
    website: text(contact['website']),
    industry: text(contact['industry']),
    organization_size: text(contact['organization_size']),
    email_confirmed: user.emailConfirmedAt !== null,
    aan: text(contact['aan']),
    fax: text(contact['fax']),
    language: text(contact['language']),
  }
}
