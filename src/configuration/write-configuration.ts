import { saveAccountClass } from '../accounts/index.ts'
import { changeManager, createManager, findManagerByKey } from '../attribution/index.ts'
import { enableBrand, ownBrand } from '../branding/index.ts'
import { BrandSettings } from '../branding/schema.ts'
import { ensurePriceList, replaceTaxRates, saveDelegation, taxRateOf } from '../catalog/index.ts'
import { changeSchedule } from '../dunning/index.ts'
import { parseAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { quotaOf, setQuota } from '../quotas/index.ts'
import { listStoresOf, openStore, savePages, saveStore } from '../stores/index.ts'
import { isAtOrBelow, type Tenant, tenantOf } from '../tenants/index.ts'
import { writeDiscounts } from './discounts.ts'
import { writeInvoiceSettings } from './invoice-settings.ts'
import type { Configuration } from './shape.ts'
import { refuse, within } from './within.ts'
import { writeCatalog } from './write-catalog.ts'

/**
 * Makes a reseller what its file says, by the operations that API and portal use; each writes only what changes. What
 * the file does not list is left alone.
 */
export async function writeConfiguration(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  file: Configuration,
): Promise<void> {
  const currency = await ensurePriceList(tx, tenant.sellerId, clock.now())
  if (currency !== file.reseller.currency)
    refuse('reseller.currency', `${tenant.name} keeps its books in ${currency} already; that cannot change.`)
  await within('account_class', () => writeAccountClass(tx, clock, actor, tenant, file, currency))
  await within('dunning', async () => {
    if (file.dunning) await changeSchedule(tx, clock, actor, tenant.sellerId, file.dunning, undefined)
  })
  await within('brand', () => writeBrand(tx, clock, actor, tenant, file))
  await writeCatalog(tx, clock, actor, tenant, file, currency)
  for (const [index, { planId, markupPercent, ...rest }] of (file.resale ?? []).entries())
    await within(`resale.${index}`, () => writeResale(tx, clock, actor, tenant, { planId, markupPercent, ...rest }))
  if (file.taxes)
    await within('taxes', () => replaceTaxRates(tx, clock, actor, tenant.sellerId, (file.taxes ?? []).map(taxRateOf)))
  if (file.invoices)
    await within('invoices', () => writeInvoiceSettings(tx, clock, actor, tenant.sellerId, file.invoices ?? {}))
  await writeDiscounts(tx, clock, actor, tenant.sellerId, file.discounts ?? [], currency)
  for (const [index, quota] of (file.quotas ?? []).entries())
    await within(`quotas.${index}`, () => writeQuota(tx, clock, actor, tenant, quota))
  for (const [index, manager] of (file.managers ?? []).entries())
    await within(`managers.${index}`, () => writeManager(tx, clock, actor, tenant, manager))
  for (const [index, store] of (file.stores ?? []).entries())
    await within(`stores.${index}`, () => writeStore(tx, clock, actor, tenant, store))
}

async function writeAccountClass(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  { sellerId }: Tenant,
  { accountClass }: Configuration,
  currency: string,
): Promise<void> {
  if (!accountClass) return
  const { holdThreshold, ...rest } = accountClass
  const holdThresholdMinor = holdThreshold === undefined ? undefined : parseAmount(holdThreshold, currency)
  if (holdThreshold !== undefined && holdThresholdMinor === undefined)
    refuse('hold_threshold', `${holdThreshold} is no amount in ${currency}.`)
  const given = Object.entries({ ...rest, holdThresholdMinor }).filter(([, value]) => value !== undefined)
  await saveAccountClass(tx, clock, actor, sellerId, Object.fromEntries(given))
}

async function writeBrand(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  { brand }: Configuration,
): Promise<void> {
  if (!brand) return
  const current = await ownBrand(tx, tenant.id)
  for (const name of Object.keys(brand))
    if (!(name in BrandSettings.shape) || /^(smtp_|logotype)/.test(name))
      refuse(name, `A brand has no ${name} in a file.`)
  const read = BrandSettings.partial().safeParse(brand)
  const [issue] = read.error?.issues ?? []
  if (!read.success) return refuse(String(issue?.path[0] ?? ''), issue?.message ?? 'It is not valid.')
  const given = Object.entries(read.data).filter(([name, value]) => current?.[name as keyof BrandSettings] !== value)
  if (current && given.length === 0) return
  await enableBrand(tx, clock, actor, { tenantId: tenant.id, settings: Object.fromEntries(given) })
}

async function writeResale(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  { planId, markupPercent, ...rest }: NonNullable<Configuration['resale']>[number],
): Promise<void> {
  // A reseller's own people set their price; that they may sell the plan is decided above them.
  const isAbove = !isAtOrBelow(actor.path, tenant.path)
  const prices = { markupBasisPoints: markupPercent ?? 0, fixedPrices: rest.fixedPrices ?? {} }
  const terms = isAbove ? { active: rest.active ?? true, exchangeRate: rest.exchangeRate ?? '1' } : {}
  await saveDelegation(tx, clock, actor, { planId, sellerId: tenant.id, ...prices, ...terms })
}

async function writeQuota(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  { id: tenantId, sellerId }: Tenant,
  { usageName, value }: NonNullable<Configuration['quotas']>[number],
): Promise<void> {
  const base = value === 'unlimited' ? null : BigInt(value)
  const current = await quotaOf(tx, sellerId, { tenantId, usageName })
  if (current.base === base) return
  await setQuota(tx, clock, actor, { tenantId, usageName, to: { base, overage: null } })
}

async function writeManager(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  {
    key,
    name,
    email = '',
    role = 'sales',
    active = true,
    partner = false,
  }: NonNullable<Configuration['managers']>[number],
): Promise<void> {
  const existing = await findManagerByKey(tx, key)
  if (!existing) {
    await createManager(tx, clock, actor, { sellerId: tenant.id, key, name, email, role, active, isPartner: partner })
    return
  }
  if (existing.sellerId !== tenant.sellerId) refuse('key', `The key ${key} is someone else’s on this installation.`)
  if (existing.isPartner !== partner)
    refuse('partner', `${key} ${existing.isPartner ? 'is' : 'is no'} referral partner; that cannot change.`)
  await changeManager(tx, clock, actor, { id: existing.id, name, email, role, active })
}

async function writeStore(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  { pages, ...store }: NonNullable<Configuration['stores']>[number],
): Promise<void> {
  const own = await listStoresOf(tx, tenant.sellerId)
  const hosts = new Set((store.domains ?? []).map((origin) => URL.parse(origin)?.hostname))
  const existing =
    own.find(({ name }) => name === store.name) ??
    own.find(({ domains }) => domains.some(({ host }) => hosts.has(host)))
  const whole = {
    ...store,
    status: store.status ?? 'active',
    externalApplicationUrl: store.externalApplicationUrl ?? null,
    termsUrl: store.termsUrl ?? null,
    privacyUrl: store.privacyUrl ?? null,
    bankDetails: store.bankDetails ?? '',
  }
  const saved = existing
    ? await saveStore(tx, clock, actor, { ...whole, storeId: existing.id })
    : await openStore(tx, clock, actor, { ...whole, sellerId: tenantOf(tenant.sellerId) })
  if (pages || saved.pages.length > 0) await savePages(tx, clock, actor, { storeId: saved.id, pages: pages ?? [] })
}
