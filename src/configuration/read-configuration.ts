import { findDefaultClass } from '../accounts/index.ts'
import { listManagersOf } from '../attribution/index.ts'
import { ownBrand } from '../branding/index.ts'
import {
  findPriceList,
  listDelegations,
  listOwnCategories,
  listOwnPlans,
  listOwnProducts,
  listTaxRates,
  type OwnPlan,
  pricesAsText,
} from '../catalog/index.ts'
import { findSchedule } from '../dunning/index.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Db, Tx } from '../platform/db.ts'
import { quotasOf } from '../quotas/index.ts'
import { listStoresOf } from '../stores/index.ts'
import { listAncestorsOrSelf, type Tenant } from '../tenants/index.ts'
import { readDiscounts } from './discounts.ts'
import { readInvoiceSettings } from './invoice-settings.ts'
import { writeLength } from './shape.ts'

/** Leaves out what is empty or as it is by default, so that a file says only what matters. */
const said = (fields: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) =>
        value !== null &&
        value !== undefined &&
        value !== '' &&
        !(Array.isArray(value) && value.length === 0) &&
        value !== defaults[name],
    ),
  )

/** A reseller as its configuration file would be: names of the wire, every number as text. */
export async function readConfiguration(db: Db | Tx, tenant: Tenant): Promise<Readonly<Record<string, unknown>>> {
  const { sellerId } = tenant
  const above = await listAncestorsOrSelf(db, tenant.id)
  const currency =
    (await findPriceList(db, sellerId))?.currency ?? above.findLast((each) => each.currency)?.currency ?? 'USD'
  const money = (minor: bigint): string => formatAmount(minor, currency)
  const parent = above.findLast(({ id, kind }) => id !== tenant.id && kind === 'partner')
  const accountClass = await findDefaultClass(db, sellerId)
  const schedule = await findSchedule(db, sellerId)
  const categories = await listOwnCategories(db, sellerId)
  const plans = await listOwnPlans(db, sellerId)
  const slugs = new Map(categories.map(({ id, slug }) => [id, slug]))
  return said({
    reseller: said({ name: tenant.name, currency, language: tenant.language, below: parent?.name }),
    account_class: accountClass && {
      name: accountClass.name,
      payment_model: accountClass.paymentModel,
      hold_threshold: money(accountClass.holdThresholdMinor),
      subzero_period_days: String(accountClass.subzeroPeriodDays),
      stop_type: accountClass.stopType,
      cancel_unpaid_after_days: String(accountClass.cancelUnpaidAfterDays),
      auto_renew_days: String(accountClass.autoRenewDays),
      manual_renew_days: String(accountClass.manualRenewDays),
      grace_days: String(accountClass.graceDays),
      deletion_days: String(accountClass.deletionDays),
      billing_day: String(accountClass.billingDay),
    },
    dunning: schedule.version === null ? null : schedule.steps.map(({ day, action }) => ({ day: String(day), action })),
    brand: await brandOf(db, tenant),
    stores: (await listStoresOf(db, sellerId)).map((store) =>
      said({
        name: store.name,
        status: store.status,
        domains: store.domains.map(({ origin }) => origin),
        default_language: store.defaultLanguage,
        external_application_url: store.externalApplicationUrl,
        terms_url: store.termsUrl,
        privacy_url: store.privacyUrl,
        bank_details: store.bankDetails,
        pages: store.pages.map(({ slug, title, body, published }) =>
          said({ slug, title, published, body }, { published: true }),
        ),
      }),
    ),
    taxes: (await listTaxRates(db, sellerId)).map(({ country, customerType, name, basisPoints, reverseCharge }) =>
      said(
        {
          country,
          customer_type: customerType,
          name,
          percent: String(basisPoints / 100),
          reverse_charge: reverseCharge,
        },
        { customer_type: '*', reverse_charge: false },
      ),
    ),
    invoices: await readInvoiceSettings(db, sellerId),
    discounts: (await readDiscounts(db, sellerId, money)).map((discount) =>
      said(discount, { active: true, needs_code: false, periods: '1' }),
    ),
    quotas: (await quotasOf(db, sellerId, tenant.id))
      .filter(({ base, version }) => version > 0n && base !== null)
      .map(({ usageName, base }) => ({ usage_name: usageName, value: String(base) })),
    managers: (await listManagersOf(db, sellerId))
      .filter(({ key }) => key !== null)
      .map(({ key, name, email, role, active, isPartner }) =>
        said({ key, name, email, role, active, partner: isPartner }, { active: true, partner: false, role: 'sales' }),
      ),
    categories: categories.map(({ id, name, slug, description }) => said({ id, name, slug, description })),
    products: (await listOwnProducts(db, sellerId)).map((product) =>
      said(
        {
          id: product.id,
          name: product.name,
          marketing_name: product.marketingName === product.name ? null : product.marketingName,
          slug: product.slug,
          category: product.categoryId === null ? null : slugs.get(product.categoryId),
          published: product.published,
          summary: product.summary,
          description: product.description,
          logo_url: product.logoUrl,
          screenshots: product.screenshots.map((each) => said({ ...each })),
          plans: plans.filter(({ productId }) => productId === product.id).map((plan) => planOf(plan, money)),
        },
        { published: true },
      ),
    ),
    resale: (await listDelegations(db, { sellerId })).map((each) =>
      said(
        {
          plan_id: each.planId,
          active: each.active,
          markup_percent: String(each.markupBasisPoints / 100),
          exchange_rate: String(Number(each.exchangeRate)),
          fixed_prices: Object.keys(each.fixedPrices).length > 0 ? pricesAsText(each.fixedPrices, currency) : null,
        },
        { active: true, markup_percent: '0', exchange_rate: '1' },
      ),
    ),
  })
}

/** Of a brand of its own, what differs from nothing; mail settings hold a password and stay out of files. */
async function brandOf(db: Db | Tx, tenant: Tenant): Promise<unknown> {
  const settings = await ownBrand(db, tenant.id)
  if (!settings) return null
  return said(
    Object.fromEntries(Object.entries(settings).filter(([name]) => !/^(smtp_|logotype|hide_predefined)/.test(name))),
    { color_scheme: 'default', owns_custom_legal_docs: false },
  )
}

function planOf(plan: OwnPlan, money: (minor: bigint) => string): unknown {
  const free = money(0n)
  const fees = { setup_fee: free, recurring_fee: free, renewal_fee: free, overuse_fee: free }
  return said(
    {
      id: plan.id,
      name: plan.name,
      status: plan.status,
      public: plan.isPublic,
      summary: plan.summary,
      billing_type: plan.billingType,
      payment_models: plan.paymentModels.join() === 'prepay' ? null : [...plan.paymentModels],
      minimum_topup: plan.minimumTopupMinor === null ? null : money(plan.minimumTopupMinor),
      second_subscription: plan.secondSubscription,
      connector: plan.connector,
      default_period_id: plan.defaultPeriodId,
      successor_id: plan.successorId,
      switchable_plan_ids: [...plan.switchablePlanIds],
      addon_to_plan_ids: [...plan.addonToPlanIds],
      order_attributes: plan.orderAttributes.map(({ key, label, required }) => ({ key, label, required })),
      periods: plan.periods.map((period) =>
        said(
          {
            id: period.id,
            duration: writeLength(period.duration),
            trial: period.trial,
            public: period.isPublic,
            setup_fee: money(period.setupFeeMinor),
            recurring_fee: money(period.recurringFeeMinor),
            renewal_fee: money(period.renewalFeeMinor),
          },
          { ...fees, trial: false, public: true },
        ),
      ),
      resources: plan.resources.map((resource) =>
        said(
          {
            id: resource.id,
            name: resource.name,
            unit: resource.unit,
            kind: resource.kind,
            included: String(resource.included),
            minimum: String(resource.minimum),
            limit: resource.limit === null ? null : String(resource.limit),
            public: resource.isPublic,
            setup_fee: money(resource.setupFeeMinor),
            recurring_fee: money(resource.recurringFeeMinor),
            renewal_fee: money(resource.renewalFeeMinor),
            overuse_fee: money(resource.overuseFeeMinor),
            unit_price: resource.unitPrice && formatDecimal(resource.unitPrice),
            quota: resource.quota && {
              usage_name: resource.quota.usageName,
              per_unit: String(resource.quota.perUnit),
            },
          },
          { ...fees, kind: 'unit', public: true, included: '0', minimum: String(resource.included) },
        ),
      ),
    },
    { public: true, billing_type: 'pay_in_full', second_subscription: 'ask', connector: 'builtin' },
  )
}
