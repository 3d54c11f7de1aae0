import { sql } from 'kysely'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byNumber, byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import { visibleTo } from '../tenants/index.ts'
import { hasUserWithEmailLike } from '../users/index.ts'
import type { Account, AccountClass, AccountClassId, AccountDetails, ManagerId } from './schema.ts'

const COLUMNS = [
  'accounts.seller_id as sellerId',
  'accounts.tenant_id as id',
  'tenants.number',
  'tenants.name',
  'tenants.path',
  'accounts.account_class_id as accountClassId',
  'accounts.registration',
  'accounts.status',
  'accounts.customer_type as customerType',
  'accounts.company_name as companyName',
  'accounts.vat_id as vatId',
  'accounts.country',
  'accounts.region',
  'accounts.city',
  'accounts.street',
  'accounts.zip',
  'accounts.phone',
  'accounts.currency',
  'accounts.manager_id as managerId',
  'accounts.self_registered as selfRegistered',
  'accounts.hold_reason as holdReason',
  'accounts.version',
  'accounts.created_at as createdAt',
] as const

const CLASS_COLUMNS = [
  'id',
  'name',
  'payment_model as paymentModel',
  'hold_threshold_minor as holdThresholdMinor',
  'subzero_period_days as subzeroPeriodDays',
  'stop_type as stopType',
  'cancel_unpaid_after_days as cancelUnpaidAfterDays',
  'auto_renew_days as autoRenewDays',
  'manual_renew_days as manualRenewDays',
  'grace_days as graceDays',
  'deletion_days as deletionDays',
  'billing_day as billingDay',
] as const

/** An account of one seller, whoever asks. */
export const findAccount = (db: Db | Tx, sellerId: SellerId, id: TenantId): Promise<Account | undefined> =>
  db
    .selectFrom('accounts')
    .innerJoin('tenants', 'tenants.id', 'accounts.tenant_id')
    .where('accounts.seller_id', '=', sellerId)
    .where('accounts.tenant_id', '=', id)
    .select(COLUMNS)
    .executeTakeFirst()

/** Accounts of one seller among those that are named, with what they are called. */
export const accountNames = (
  db: Db | Tx,
  sellerId: SellerId,
  ids: readonly TenantId[],
): Promise<{ readonly id: TenantId; readonly name: string }[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('accounts')
        .innerJoin('tenants', 'tenants.id', 'accounts.tenant_id')
        .where('accounts.seller_id', '=', sellerId)
        .where('accounts.tenant_id', 'in', ids)
        .select(['tenants.id', 'tenants.name'])
        .orderBy('tenants.name')
        .execute()

/** An account of one seller, its row locked until the transaction ends. */
export async function lockAccount(tx: Tx, sellerId: SellerId, id: TenantId): Promise<Account | undefined> {
  await tx
    .selectFrom('accounts')
    .where('seller_id', '=', sellerId)
    .where('tenant_id', '=', id)
    .select('tenant_id')
    .forUpdate()
    .executeTakeFirst()
  return findAccount(tx, sellerId, id)
}

export interface Viewer {
  readonly path: string
  readonly onlyManagerId: string | null
}

/** An account that the actor sees: at or below its tenant, and attributed to it where that is all it sees. */
export async function findVisibleAccount(db: Db | Tx, viewer: Viewer, id: TenantId): Promise<Account | undefined> {
  // The tenant first, from the reference table: only then is the seller known that the account's statement names.
  const tenant = await db
    .selectFrom('tenants')
    .where('id', '=', id)
    .where('kind', '=', 'customer')
    .where(visibleTo(viewer))
    .select('seller_id')
    .executeTakeFirst()
  const account = tenant && (await findAccount(db, tenant.seller_id, id))
  return viewer.onlyManagerId !== null && account?.managerId !== viewer.onlyManagerId ? undefined : account
}

export interface AccountSearch extends PageWish {
  /** Every seller whose accounts are asked for. */
  readonly sellerIds: readonly SellerId[]
  readonly viewer: Viewer
  /** A part of the name or of a user's e-mail, or the number. */
  readonly query?: string | undefined
}

export const ACCOUNT_LISTING = listing('newest', {
  created_at: byTime('createdAt'),
  name: byText('name'),
  number: byNumber('number'),
  status: byText('status'),
})

/** One of the reviewed reads over several sellers: operator's and reseller's list of accounts. */
export function searchAccounts(db: Db | Tx, search: AccountSearch): ReturnType<typeof readPage<Account>> {
  const { viewer } = search
  const words = search.query?.trim().toLowerCase() ?? ''
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const found = db
    .selectFrom('accounts')
    .innerJoin('tenants', 'tenants.id', 'accounts.tenant_id')
    .where('accounts.seller_id', '=', sql<SellerId>`any(${[...search.sellerIds]})`)
    // Not what is left at a seller that the tenant has moved away from.
    .whereRef('accounts.seller_id', '=', 'tenants.seller_id')
    .where(visibleTo(viewer))
    .$if(viewer.onlyManagerId !== null, (query) => query.where('accounts.manager_id', '=', viewer.onlyManagerId))
    .$if(words !== '', (query) =>
      query.where((where) =>
        where.or([
          sql<boolean>`lower(tenants.name) like ${pattern}`,
          sql<boolean>`tenants.number::text = ${words}`,
          hasUserWithEmailLike('accounts.seller_id', 'accounts.tenant_id', pattern),
        ]),
      ),
    )
    .select(COLUMNS)
  return readPage(db, sql`${found}`, ACCOUNT_LISTING, search)
}

export interface AccountRow {
  readonly sellerId: SellerId
  readonly id: TenantId
  readonly accountClassId: AccountClassId
  readonly registration: 'quick' | 'full'
  readonly details: Partial<AccountDetails>
  readonly currency: string
  readonly selfRegistered: boolean
  readonly at: Date
}

export async function insertAccount(tx: Tx, account: AccountRow): Promise<void> {
  await tx
    .insertInto('accounts')
    .values({
      seller_id: account.sellerId,
      tenant_id: account.id,
      account_class_id: account.accountClassId,
      registration: account.registration,
      ...detailColumns(account.details),
      currency: account.currency,
      manager_id: null,
      self_registered: account.selfRegistered,
      created_at: account.at,
      updated_at: account.at,
    })
    .execute()
}

/** Writes the contact data of a full registration and raises the version. */
export async function updateDetails(
  tx: Tx,
  key: { readonly sellerId: SellerId; readonly id: TenantId },
  details: AccountDetails,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({
      registration: 'full',
      ...detailColumns(details),
      version: sql<bigint>`version + 1`,
      updated_at: at,
    })
    .where('seller_id', '=', key.sellerId)
    .where('tenant_id', '=', key.id)
    .execute()
}

const detailColumns = (details: Partial<AccountDetails>) => ({
  customer_type: details.customerType ?? 'business',
  company_name: details.companyName ?? '',
  vat_id: details.vatId ?? '',
  country: details.country ?? null,
  region: details.region ?? '',
  city: details.city ?? '',
  street: details.street ?? '',
  zip: details.zip ?? '',
  phone: details.phone ?? '',
})

/** Credits the account to a manager, unless it has one. @returns Whether it was this call that did. */
/**
 * Credits an account to another manager, or to nobody.
 * @returns false when it has another version than the one read.
 */
export async function setManager(
  tx: Tx,
  account: Pick<Account, 'sellerId' | 'id' | 'version'>,
  managerId: ManagerId | null,
  at: Date,
): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ manager_id: managerId, version: sql<bigint>`version + 1`, updated_at: at })
    .where('seller_id', '=', account.sellerId)
    .where('tenant_id', '=', account.id)
    .where('version', '=', account.version)
    .returning('tenant_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Puts an account on administrative hold or takes it off; its row is locked. */
export async function setHold(
  tx: Tx,
  account: Pick<Account, 'sellerId' | 'id'>,
  { status, reason }: { readonly status: 'active' | 'administrative_hold'; readonly reason: string },
  at: Date,
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ status, hold_reason: reason, version: sql<bigint>`version + 1`, updated_at: at })
    .where('seller_id', '=', account.sellerId)
    .where('tenant_id', '=', account.id)
    .execute()
}

export async function claimForManager(
  tx: Tx,
  key: { readonly sellerId: SellerId; readonly id: TenantId },
  managerId: ManagerId,
  at: Date,
): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ manager_id: managerId, version: sql<bigint>`version + 1`, updated_at: at })
    .where('seller_id', '=', key.sellerId)
    .where('tenant_id', '=', key.id)
    .where('manager_id', 'is', null)
    .returning('tenant_id')
    .executeTakeFirst()
  return row !== undefined
}

export const findDefaultClass = (db: Db | Tx, sellerId: SellerId): Promise<AccountClass | undefined> =>
  db
    .selectFrom('account_classes')
    .where('seller_id', '=', sellerId)
    .where('is_default', '=', true)
    .select(CLASS_COLUMNS)
    .executeTakeFirst()

/** @returns false when the seller has a default class already. */
export async function insertDefaultClass(tx: Tx, sellerId: SellerId, account: AccountClass): Promise<boolean> {
  const row = await tx
    .insertInto('account_classes')
    .values({
      seller_id: sellerId,
      id: account.id,
      name: account.name,
      is_default: true,
      payment_model: account.paymentModel,
      hold_threshold_minor: account.holdThresholdMinor,
      subzero_period_days: account.subzeroPeriodDays,
      stop_type: account.stopType,
      cancel_unpaid_after_days: account.cancelUnpaidAfterDays,
      auto_renew_days: account.autoRenewDays,
      manual_renew_days: account.manualRenewDays,
      grace_days: account.graceDays,
      deletion_days: account.deletionDays,
      billing_day: account.billingDay,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export interface Acceptance {
  readonly sellerId: SellerId
  readonly id: string
  readonly accountId: TenantId
  readonly userId: UserId
  readonly document: 'terms' | 'privacy'
  /** Where the document stood when it was accepted. */
  readonly url: string
  readonly at: Date
}

export async function insertAcceptance(tx: Tx, acceptance: Acceptance): Promise<void> {
  await tx
    .insertInto('acceptances')
    .values({
      seller_id: acceptance.sellerId,
      id: acceptance.id,
      account_id: acceptance.accountId,
      user_id: acceptance.userId,
      document: acceptance.document,
      url: acceptance.url,
      accepted_at: acceptance.at,
    })
    .execute()
}

export const listAcceptances = (db: Db | Tx, sellerId: SellerId, accountId: TenantId) =>
  db
    .selectFrom('acceptances')
    .where('seller_id', '=', sellerId)
    .where('account_id', '=', accountId)
    .select(['document', 'url', 'user_id as userId', 'accepted_at as acceptedAt'])
    .orderBy('id')
    .execute()
