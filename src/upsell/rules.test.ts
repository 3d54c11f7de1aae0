import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readUpsellLink } from '../link/index.ts'
import { decideEditionsUpsell, decideQuotaUpsell, type Place, type UpsellFacts } from './rules.ts'

const FACTS: UpsellFacts = {
  customerNumber: 1007n,
  userNumber: 2003n,
  isBuyer: true,
  isCompanyAdministrator: true,
  isBranded: true,
  buyUrl: 'https://shop.example/buy',
  isOwnUpgrade: false,
  tenantQuotas: [
    { usageName: 'storage', state: 'almost_reached' },
    { usageName: 'workstations', state: 'reached' },
    { usageName: 'vms', state: 'fine' },
  ],
  userQuotas: [{ usageName: 'storage', state: 'exceeded' }],
}
const HEADER: Place = { kind: 'header' }
const PAGE = 'https://console.example/alerts'
const decide = (rest: Partial<UpsellFacts>, place: Place = HEADER) =>
  decideQuotaUpsell({ ...FACTS, ...rest }, place, PAGE)
const linkOf = (rest: Partial<UpsellFacts> = {}, place: Place = HEADER) => {
  const decision = decide(rest, place)
  assert.ok(decision.kind === 'buy_now', JSON.stringify(decision))
  return { url: decision.url, ...readUpsellLink(decision.url) }
}

describe('every combination of the quota upsell', () => {
  const both = [true, false]
  const urls = [
    'https://shop.example/buy',
    'www.shop.example',
    '',
    null,
    'javascript:alert(1)',
    'https://u:p@shop.example',
  ]
  let count = 0
  for (const isCustomer of both)
    for (const isBuyer of both)
      for (const isCompanyAdministrator of both)
        for (const isBranded of both)
          for (const buyUrl of urls)
            for (const ranOut of ['tenant', 'user', 'both', 'none'] as const) {
              count++
              const facts: UpsellFacts = {
                ...FACTS,
                customerNumber: isCustomer ? 1007n : null,
                isBuyer,
                isCompanyAdministrator,
                isBranded,
                buyUrl,
                tenantQuotas: ranOut === 'tenant' || ranOut === 'both' ? [{ usageName: 'vms', state: 'reached' }] : [],
                userQuotas: ranOut === 'user' || ranOut === 'both' ? [{ usageName: 'vms', state: 'reached' }] : [],
              }
              const isUsable = buyUrl === urls[0] || buyUrl === urls[1]
              const expected =
                !isCustomer || !isBuyer || ranOut === 'none'
                  ? 'nothing'
                  : isCompanyAdministrator && isBranded && isUsable
                    ? 'buy_now'
                    : 'contact'
              for (const place of [HEADER, { kind: 'mail' }, { kind: 'alert', usageName: 'vms' }] as const)
                test(`${JSON.stringify({ isCustomer, isBuyer, isCompanyAdministrator, isBranded, buyUrl, ranOut })} in the ${place.kind}: ${expected}`, () =>
                  assert.equal(decideQuotaUpsell(facts, place, PAGE).kind, expected))
            }
  test('all of them', () => assert.equal(count, 2 ** 4 * 6 * 4))
})

test('row 15: admin+buyer: Buy now; non-admin buyer: contact sales; admin non-buyer: quota nothing, editions contact; neither: editions contact', () => {
  const editions = (isCompanyAdministrator: boolean, isBuyer: boolean) =>
    decideEditionsUpsell({ ...FACTS, isCompanyAdministrator, isBuyer, isPromoted: true, nextEdition: 'advanced' }).kind
  assert.deepEqual(
    [decide({}).kind, decide({ isCompanyAdministrator: false }).kind, decide({ isBuyer: false }).kind],
    ['buy_now', 'contact', 'nothing'],
  )
  assert.deepEqual(
    [editions(true, true), editions(false, true), editions(true, false), editions(false, false)],
    ['buy_now', 'contact', 'contact', 'contact'],
  )
})

test('row 28: removing buyer removes quota proposals', () =>
  assert.deepEqual(decide({ isBuyer: false }), { kind: 'nothing', reason: 'not_a_buyer' }))

test('row 3: an e-mail link gives email_notification and no redirect_url; a header link mc_usage_info', () => {
  const mail = linkOf({}, { kind: 'mail' })
  assert.deepEqual([mail.origin, mail.redirect_url], ['email_notification', null])
  const header = linkOf()
  assert.deepEqual([header.origin, header.redirect_url], ['mc_usage_info', PAGE])
})

test('row 4: "will be exceeded soon" for storage yields Alert_on_Storage and storage_size in the list', () => {
  const tenantQuotas = [{ usageName: 'storage', state: 'almost_reached' }] as const
  const link = linkOf({ tenantQuotas, userQuotas: [] }, { kind: 'alert', usageName: 'storage' })
  assert.deepEqual([link.origin, link.tenant_quotas, link.user_quotas], ['Alert_on_Storage', ['storage_size'], []])
})

test('the lists tell of all that ran out, the alert of the one that was clicked', () => {
  const link = linkOf({}, { kind: 'alert', usageName: 'workstations' })
  assert.deepEqual(
    [link.origin, link.user_quotas, link.tenant_quotas],
    ['alert_on_physical_machines', ['storage_size'], ['storage_size', 'physical_machines']],
  )
  assert.equal(decide({}, { kind: 'alert', usageName: 'vms' }).kind, 'nothing')
})

test('row 8: user_account_id and tenant_id are decimal integers, the tenant always the customer', () => {
  const link = linkOf({ tenantQuotas: [] })
  assert.deepEqual([link.user_account_id, link.tenant_id], ['2003', '1007'])
})

test('row 13: empty or null upsell_url: no link for anyone, incl. admin buyers', () => {
  for (const buyUrl of ['', '  ', null]) assert.deepEqual(decide({ buyUrl }), { kind: 'contact', reason: 'no_buy_url' })
})

test('row 14: branding disabled on the tree: no link even though an old URL was stored', () =>
  assert.deepEqual(decide({ isBranded: false }), { kind: 'contact', reason: 'not_branded' }))

test('a provider’s own usage goes to a Buylink’s own upgrade alone', () => {
  const tenantQuotas = [
    { usageName: 'mailboxes', state: 'reached' },
    { usageName: 'vms', state: 'reached' },
  ] as const
  const alert: Place = { kind: 'alert', usageName: 'mailboxes' }
  assert.deepEqual(decide({ tenantQuotas, userQuotas: [] }, alert), {
    kind: 'contact',
    reason: 'unknown_to_the_buy_url',
  })
  assert.deepEqual(linkOf({ tenantQuotas, userQuotas: [] }).tenant_quotas, ['virtual_machines'])
  const own = linkOf({ tenantQuotas, userQuotas: [], isOwnUpgrade: true }, alert)
  assert.deepEqual([own.origin, own.tenant_quotas], ['alert_on_mailboxes', ['virtual_machines', 'mailboxes']])
})

describe('editions upsell', () => {
  const facts = { ...FACTS, isPromoted: true, nextEdition: 'advanced' }
  test('the link is the Buy URL with nothing added', () =>
    assert.deepEqual(decideEditionsUpsell({ ...facts, buyUrl: ' https://Shop.Example/?a=&origin=x#y ' }), {
      kind: 'buy_now',
      url: 'https://Shop.Example/?a=&origin=x#y',
      edition: 'advanced',
    }))
  for (const [name, change, reason] of [
    ['not promoted', { isPromoted: false }, 'not_promoted'],
    ['nothing higher', { nextEdition: null }, 'no_higher_edition'],
    ['no customer', { customerNumber: null }, 'no_customer'],
    ['no Buy URL', { buyUrl: '' }, 'no_buy_url'],
    ['no brand', { isBranded: false }, 'not_branded'],
    ['a bad Buy URL', { buyUrl: 'ftp://x' }, 'bad_buy_url'],
  ] as const)
    test(name, () => {
      const decision = decideEditionsUpsell({ ...facts, ...change })
      assert.equal('reason' in decision && decision.reason, reason)
    })
})
