import { isAtOrBelow } from '../tenants/rules.ts'
import type { TenantKind } from '../tenants/schema.ts'
import type { RoleId } from './schema.ts'

/** Every scope an operation of the API may ask for. Those of `/api/2` are words of this list too. */
export const SCOPES = [
  'accounts:read',
  'accounts:write',
  'alerts:read',
  'audit:read',
  'brands:read',
  'brands:write',
  'checkouts:read',
  'checkouts:write',
  'clients:read',
  'clients:write',
  'configuration:read',
  'configuration:write',
  'connectors:read',
  'connectors:write',
  'deliveries:read',
  'deliveries:write',
  'event_handlers:read',
  'event_handlers:write',
  'figures:read',
  'invoices:read',
  'invoices:write',
  'ledger:read',
  'mails:read',
  'managers:read',
  'managers:write',
  'offerings:read',
  'offerings:write',
  'offers:answer',
  'offers:read',
  'offers:write',
  'operations:read',
  'operations:write',
  'orders:read',
  'orders:retry',
  'orders:write',
  'payments:approve',
  'payments:read',
  'payments:refund',
  'payments:write',
  'plans:read',
  'plans:write',
  'platforms:read',
  'platforms:write',
  'quotas:read',
  'quotas:write',
  'referrals:read',
  'referrals:write',
  'reviews:read',
  'reviews:write',
  'settings:read',
  'settings:write',
  'stores:read',
  'stores:write',
  'subscriptions:operate',
  'subscriptions:read',
  'subscriptions:write',
  'tenants:read',
  'tenants:write',
  'usage:read',
  'usage:write',
  'user_tokens:write',
  'users:read',
  'users:write',
  'webhooks:read',
  'webhooks:write',
] as const
export type Scope = (typeof SCOPES)[number]

/** A reseller's administrator: everything but the mails, which carry other people's sign-in links. */
const PARTNER: readonly Scope[] = SCOPES.filter((scope) => !/^(mails|operations):/.test(scope))
const COMPANY: readonly Scope[] = [
  'accounts:read',
  'accounts:write',
  'alerts:read',
  'brands:read',
  'checkouts:read',
  'checkouts:write',
  'clients:read',
  'clients:write',
  'invoices:read',
  'offerings:read',
  'offers:read',
  'offers:write',
  'orders:read',
  'orders:write',
  'payments:read',
  'payments:write',
  'quotas:read',
  'settings:read',
  'subscriptions:read',
  'subscriptions:write',
  'tenants:read',
  'tenants:write',
  'usage:read',
  'users:read',
  'users:write',
]
/** Usage and alerts are everybody's to see; what is bought is not. */
const OWN: readonly Scope[] = ['alerts:read', 'quotas:read', 'usage:read']

/** What a role may do where it is held (spec/api.md "Who may do what"). `readonly_admin` depends on the tenant. */
const OF_ROLE: Readonly<Record<Exclude<RoleId, 'readonly_admin'>, readonly Scope[]>> = {
  root_admin: SCOPES,
  partner_admin: PARTNER,
  sales: [
    'accounts:read',
    'checkouts:read',
    'checkouts:write',
    'invoices:read',
    'managers:read',
    'offers:answer',
    'offers:read',
    'offers:write',
    'orders:read',
    'payments:read',
    'plans:read',
    'subscriptions:read',
  ],
  finance: ['clients:read', 'invoices:read', 'orders:read', 'payments:approve', 'payments:read', 'tenants:read'],
  company_admin: COMPANY,
  company_finance: [
    'accounts:read',
    ...OWN,
    'clients:read',
    'invoices:read',
    'offers:read',
    'offers:write',
    'orders:read',
    'payments:read',
    'payments:write',
    'subscriptions:read',
    'tenants:read',
  ],
  unit_admin: [...OWN, 'clients:read', 'tenants:read'],
  backup_user: OWN,
}

const STAFF: ReadonlySet<RoleId> = new Set(['root_admin', 'partner_admin', 'sales', 'finance', 'readonly_admin'])

const HELD_AT: Readonly<Record<TenantKind, readonly RoleId[]>> = {
  root: ['root_admin', 'sales', 'finance', 'readonly_admin'],
  partner: ['partner_admin', 'sales', 'finance', 'readonly_admin'],
  folder: ['partner_admin', 'finance', 'readonly_admin'],
  customer: ['company_admin', 'company_finance', 'readonly_admin', 'backup_user'],
  unit: ['unit_admin', 'backup_user', 'readonly_admin'],
}

/** Whether a role makes sense at a tenant: nobody becomes a reseller's administrator inside a customer. */
export const mayHold = (kind: TenantKind, role: RoleId): boolean => HELD_AT[kind].includes(role)

/** Who can be a buyer: people of a customer (facts/acronis-upsell.md §2.3). */
export const mayBuy = (kind: TenantKind): boolean => kind === 'customer' || kind === 'unit'

/** Whose people are staff: of the operator and of resellers, not of customers. */
export const isStaffAt = (kind: TenantKind): boolean => !mayBuy(kind)

/** Who gets a personal tenant, which carries their own quotas (facts/acronis-upsell.md §5.3). */
export const hasPersonalTenant = mayBuy

/** What is wrong with a login, to follow "The login"; undefined: nothing (facts/acronis-upsell.md §7). */
export function loginProblem(login: string): string | undefined {
  if (login.length < 3) return 'has less than 3 characters'
  if (login.length > 254) return 'has more than 254 characters'
  return /^[A-Za-z0-9.@_\-+:!#$%^*={}'`/?]+$/.test(login)
    ? undefined
    : "has a character other than A-Z a-z 0-9 . @ _ - + : ! # $ % ^ * = { } ' ` / ?"
}

/** Words of a search as a query for PostgreSQL's text search: each begins some word. undefined: there is none. */
export function prefixQuery(text: string): string | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu)
  return words?.map((word) => `${word}:*`).join(' & ')
}

/** What the administrator of such a tenant may, for those who may only read it. */
function readable(kind: TenantKind): readonly Scope[] {
  const administrator = kind === 'root' || kind === 'partner' || kind === 'folder' ? PARTNER : COMPANY
  return (kind === 'unit' ? OF_ROLE.unit_admin : administrator).filter((scope) => scope.endsWith(':read'))
}

/** The union of what someone's roles allow at a tenant of this kind. */
export function scopesOf(roles: readonly RoleId[], kind: TenantKind): ReadonlySet<string> {
  return new Set(roles.flatMap((role) => (role === 'readonly_admin' ? readable(kind) : OF_ROLE[role])))
}

/**
 * Whether someone may hand a role on: nobody gives what they do not have themselves. The same decides whom they may
 * change, since who sets another's address could sign in as them.
 */
export const mayGive = (giver: ReadonlySet<string>, role: RoleId, kind: TenantKind): boolean =>
  [...scopesOf([role], kind)].every((scope) => giver.has(scope))

/** The role of who runs a tenant of this kind: what a program made for it has, unless less is asked for. */
export const administratorOf = (kind: TenantKind): RoleId =>
  ({
    root: 'root_admin',
    partner: 'partner_admin',
    folder: 'partner_admin',
    customer: 'company_admin',
    unit: 'unit_admin',
  })[kind] as RoleId

/**
 * Whether someone sees only what is attributed to them: a sales manager without any other role of the staff.
 * Such a person without a manager's record sees nothing, so there is a manager id that nobody has.
 */
export const isSalesAlone = (roles: readonly RoleId[]): boolean =>
  roles.includes('sales') && !roles.some((role) => role !== 'sales' && STAFF.has(role))

export const NO_MANAGER = '00000000-0000-0000-0000-000000000000'

/** Someone who signs in at a seller, as far as choosing among several goes. */
export interface Candidate {
  readonly sellerPath: string
}

export type Choice<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly user: T }
  | { readonly kind: 'ambiguous'; readonly users: readonly T[] }

/**
 * Who of those whose password matched signs in. On a store's own page the nearest seller wins, the store's before
 * those above it; elsewhere, and where nobody of these is meant, the person has to say which store it is
 * (spec/commerce.md "Accounts and tenants").
 *
 * @param storePath Path of the store's seller; null: no store's page.
 */
export function chooseUser<T extends Candidate>(matching: readonly T[], storePath: string | null): Choice<T> {
  const [nearest] = matching
    .filter(({ sellerPath }) => storePath !== null && isAtOrBelow(storePath, sellerPath))
    .toSorted((a, b) => depth(b.sellerPath) - depth(a.sellerPath))
  const [first, ...others] = matching
  const only = nearest ?? (others.length === 0 ? first : undefined)
  if (only) return { kind: 'one', user: only }
  return first ? { kind: 'ambiguous', users: matching } : { kind: 'none' }
}

const depth = (path: string): number => path.split('.').length
