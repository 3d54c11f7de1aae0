import { z } from 'zod'
import { id, number, word, A, S, W, type EventType } from './event-type.ts'

const plan = z.object({ plan_id: number, status: word })
// What these carry is not promised yet.
const loose = z.looseObject({})
const none = z.object({})
const PLAN = { plan_id: '425', status: 'active' }
const application = z.object({ application_id: id })

/** How a seller’s house is run: stores, plans, tenants, people. */
export const RUNNING = {
  'application.bound': {
    summary: 'A tenant was given an application',
    payload: application,
    example: { application_id: W },
  },
  'application.unbound': {
    summary: 'An application was taken from a tenant',
    payload: application,
    example: { application_id: W },
  },
  'edition.switched': {
    summary: 'A tenant has another edition',
    payload: z.object({ from: word.nullable(), to: word.nullable() }),
    example: { from: 'standard', to: 'advanced' },
  },
  'offering.updated': {
    summary: 'Offering items of a tenant were switched on or off',
    payload: z.object({ items: z.record(word, z.unknown()) }),
    example: { items: { storage: true } },
  },
  'referral.program_created': { summary: 'A referral programme was added', payload: loose, example: {} },
  'referral.program_updated': { summary: 'A referral programme changed', payload: loose, example: {} },
  'referral.program_deleted': { summary: 'A referral programme was deleted', payload: loose, example: {} },
  'referral.reward_changed': {
    summary: 'What a referral partner earns for an order changed',
    payload: loose,
    example: {},
  },
  'setting.updated': {
    summary: 'A setting of a tenant changed',
    payload: z.looseObject({ name: word }),
    example: { name: 'backup.enabled' },
  },
  'usage_type.updated': {
    summary: 'A provider defined, changed or took away a usage of its own',
    payload: z.looseObject({ usage_name: word }),
    example: { usage_name: 'mailboxes', title: 'Mailboxes', measurement_unit: 'quantity' },
  },
  'store.updated': {
    summary: 'A store, its pages or domains changed',
    payload: z.object({ store_id: id, status: word }),
    example: { store_id: S, status: 'active' },
  },
  'brand.updated': {
    summary: 'A brand changed: name, logo, colours or Buy URL',
    payload: z.object({ enabled: z.boolean(), fields: z.array(word) }),
    example: { enabled: true, fields: ['service_name', 'upsell_url'] },
  },
  'category.created': {
    summary: 'A category was added',
    payload: z.object({ category_id: number }),
    example: { category_id: '3' },
  },
  'category.deleted': {
    summary: 'A category was deleted; its products stay',
    payload: z.object({ category_id: number }),
    example: { category_id: '3' },
  },
  'category.updated': {
    summary: 'A category changed',
    payload: z.object({ category_id: number }),
    example: { category_id: '3' },
  },
  'platform.quota_changed': {
    summary: 'What was bought changed a quota on another platform',
    payload: z.object({
      platform: word,
      subscription_id: id,
      tenant_id: id,
      usage_name: word,
      from: word,
      to: word,
    }),
    example: { platform: 'data-centre', subscription_id: S, tenant_id: A, usage_name: 'vms', from: '2', to: '8' },
  },
  'plan.created': { summary: 'A plan was added', payload: plan, example: PLAN },
  'plan.delegated': {
    summary: 'A reseller may sell a plan from above, or may no longer',
    payload: z.object({ plan_id: number, active: z.boolean() }),
    example: { plan_id: '425', active: true },
  },
  'plan.updated': { summary: 'A plan, its periods, resources or prices changed', payload: plan, example: PLAN },
  'product.created': {
    summary: 'A product was added',
    payload: z.object({ product_id: number }),
    example: { product_id: '1' },
  },
  'product.updated': {
    summary: 'A product changed',
    payload: z.object({ product_id: number }),
    example: { product_id: '1' },
  },
  'store.canonical_domain_changed': {
    summary: 'Links of a store start with another domain',
    payload: z.object({ origin: word }),
    example: { origin: 'https://shop.example.com' },
  },
  'store.created': { summary: 'A store was added', payload: z.object({ store_id: id }), example: { store_id: S } },
  'store.domain_added': {
    summary: 'A store answers at one more domain',
    payload: z.object({ host: word, canonical: z.boolean() }),
    example: { host: 'shop.example.com', canonical: false },
  },
  'tenant.deleted': { summary: 'A tenant was deleted', payload: loose, example: {} },
  'tenant.moved': { summary: 'A tenant has another place in the tree', payload: loose, example: {} },
  'tenant.restored': { summary: 'A deleted tenant is there again', payload: loose, example: {} },
  'tenant.updated': { summary: 'A tenant changed', payload: loose, example: {} },
  'tenant.created': {
    summary: 'A reseller, folder, customer or unit was added',
    payload: z.object({ kind: word, number, parent_id: id }),
    example: { kind: 'customer', number: '1007', parent_id: A },
  },
  'tenant.disabled': { summary: 'A tenant was disabled', payload: none, example: {} },
  'tenant.enabled': { summary: 'A tenant was enabled again', payload: none, example: {} },
  'user.created': {
    summary: 'Someone can sign in',
    payload: z.object({ number, roles: z.array(word), business_types: z.array(word) }),
    example: { number: '1010', roles: ['company_admin'], business_types: ['buyer'] },
  },
  'user.disabled': { summary: 'Someone may not sign in any more', payload: loose, example: {} },
  'webhook.disabled': {
    summary: 'A webhook was switched off because its receiver answered 410 Gone',
    payload: z.object({ webhook_id: id, url: word }),
    example: { webhook_id: W, url: 'https://hooks.example.com/buylink' },
  },
} satisfies Readonly<Record<string, EventType>>
