import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  alertOriginOf,
  QUOTA_TOKENS,
  readBuyUrl,
  readUpsellLink,
  tokenOf,
  type UpsellLink,
  UPSELL_ORIGINS,
  upsellLink,
  usageNameOf,
} from './index.ts'

type Case = UpsellLink & { readonly buy_url: string | null; readonly link: string | null }
const cases = readFileSync(new URL('../../test/conformance/upsell-links.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case) // our test data

const LINK: UpsellLink = {
  origin: 'mc_usage_info',
  user_quotas: [],
  tenant_quotas: ['storage_size'],
  user_account_id: 7,
  tenant_id: 9n,
  redirect_url: null,
}
const SAID = 'origin=mc_usage_info&tenant_quotas=storage_size&user_account_id=7&tenant_id=9'

test('writes every conformance case byte for byte', () => {
  assert.ok(cases.length >= 150)
  for (const { buy_url, link, ...parts } of cases) assert.equal(upsellLink(buy_url, parts), link, String(buy_url))
})

const gives = (buyUrl: string, link: string | null) => assert.equal(upsellLink(buyUrl, LINK), link, buyUrl)

describe('behaviours of the facts, section 12', () => {
  test('row 1: quota link from a storage alert has origin=Alert_on_Storage with that exact case', () => {
    assert.equal(alertOriginOf('storage'), 'Alert_on_Storage')
    assert.match(
      upsellLink('https://a.example', { ...LINK, origin: alertOriginOf('storage') }) ?? '',
      /\?origin=Alert_on_Storage&/,
    )
  })
  test('row 2: each device alert gives its own lower-case origin', () =>
    assert.deepEqual(['workstations', 'servers', 'vms', 'mobiles'].map(alertOriginOf), [
      'alert_on_physical_machines',
      'alert_on_physical_servers',
      'alert_on_virtual_machines',
      'alert_on_mobile_devices',
    ]))
  test('row 6: user_quotas and tenant_quotas are separate; the same item may be in both', () =>
    assert.match(
      upsellLink('a.example', { ...LINK, user_quotas: ['storage_size'] }) ?? '',
      /&user_quotas=storage_size&tenant_quotas=storage_size&/,
    ))
  test('row 7: two or more exceeded items all appear, each once, in a fixed order', () =>
    fc.assert(
      fc.property(fc.subarray([...QUOTA_TOKENS], { minLength: 2 }), fc.nat(), (tokens, seed) => {
        const mixed = [...tokens, ...tokens].sort((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7))
        assert.match(
          upsellLink('a.example', { ...LINK, tenant_quotas: mixed }) ?? '',
          new RegExp(`&tenant_quotas=${tokens.join(',')}&`),
        )
      }),
    ))
  test('row 9: redirect_url is percent-encoded and round-trips, incl. &, # and non-ASCII', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (redirect_url) => {
        const link = upsellLink('https://a.example/buy?x=1#top', { ...LINK, redirect_url }) ?? ''
        assert.equal(readUpsellLink(link).redirect_url, redirect_url)
        assert.equal(new URL(link).searchParams.get('redirect_url'), redirect_url)
        assert.equal(new URL(link).hash, '#top')
      }),
    ))
  test('row 10: a Buy URL with existing ?a=b keeps a=b and appends ours; the fragment stays last', () =>
    gives('https://a.example/buy?a=b#c?d', `https://a.example/buy?a=b&${SAID}#c?d`))
  test('row 11: a Buy URL ending in ? or & does not produce ?? or &&', () => {
    gives('https://a.example/buy?', `https://a.example/buy?${SAID}`)
    gives('https://a.example/buy?a=b&', `https://a.example/buy?a=b&${SAID}`)
  })
  test('row 12: the editions-upsell link equals the configured URL byte for byte', () => {
    for (const url of ['HTTPS://Shop.Example/Buy?&a=b&&origin=x#top', 'http://a.example'])
      assert.deepEqual(readBuyUrl(` ${url}\n`), { url })
    assert.deepEqual(readBuyUrl('www.partner.com/buy'), { url: 'https://www.partner.com/buy' })
  })
})

test('a Buy URL that names one of ours, however it is encoded, loses it', () => {
  gives('https://a.example/?tenant%5Fid=1&user_quotas%5B%5D=x&origin&q', `https://a.example/?q&${SAID}`)
  gives('https://a.example/?tenant_id[x]=1&Origin=2', `https://a.example/?tenant_id[x]=1&Origin=2&${SAID}`)
})

test('what is no web address with a host gives no link, and says why', () => {
  for (const [stored, problem] of [
    [null, 'empty'],
    ['  ', 'empty'],
    ['ftp://a.example', 'not_a_web_address'],
    ['https:///a.example', 'not_a_web_address'],
    ['https://', 'not_a_web_address'],
    ['javascript:alert(1)', 'not_a_web_address'],
    ['https://a.example/\r\nx', 'not_a_web_address'],
    ['https://a b.example/', 'not_a_web_address'],
    ['https://@a.example/', 'credentials'],
    ['mailto:a@b.c', 'credentials'],
    ['https://good.example\\@evil.example/', undefined],
  ] as const) {
    const reading = readBuyUrl(stored)
    assert.equal('problem' in reading ? reading.problem : undefined, problem, String(stored))
  }
})

const anyLink: fc.Arbitrary<UpsellLink> = fc.record({
  origin: fc.constantFrom(...UPSELL_ORIGINS, 'alert_on_mailboxes'),
  user_quotas: fc.subarray([...QUOTA_TOKENS, 'mailboxes']),
  tenant_quotas: fc.subarray([...QUOTA_TOKENS, 'mailboxes']),
  user_account_id: fc.bigInt({ min: 1n, max: 10n ** 18n }),
  tenant_id: fc.bigInt({ min: 1n, max: 10n ** 18n }),
  redirect_url: fc.option(fc.webUrl({ withQueryParameters: true, withFragments: true })),
})
const anyBuyUrl = fc.webUrl({ withQueryParameters: true, withFragments: true })

describe('properties', () => {
  test('what is written is read back, whatever the Buy URL', () =>
    fc.assert(
      fc.property(anyBuyUrl, anyLink, (buyUrl, link) => {
        assert.deepEqual(readUpsellLink(upsellLink(buyUrl, link) ?? ''), {
          ...link,
          user_account_id: String(link.user_account_id),
          tenant_id: String(link.tenant_id),
        })
      }),
    ))
  test('a link as Buy URL of a second one gives the second one alone', () =>
    fc.assert(
      fc.property(anyBuyUrl, anyLink, anyLink, (buyUrl, one, two) =>
        assert.equal(upsellLink(upsellLink(buyUrl, one), two), upsellLink(buyUrl, two)),
      ),
    ))
  test('any text as Buy URL gives a link to http(s) with the host of its own address, or none', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (stored) => {
        const link = upsellLink(stored, LINK)
        const reading = readBuyUrl(stored)
        assert.equal(link === null, 'problem' in reading)
        if (link === null || 'problem' in reading) return
        assert.match(new URL(link).protocol, /^https?:$/)
        assert.equal(new URL(link).host, new URL(reading.url).host)
      }),
    ))
})

describe('reading', () => {
  for (const [name, query] of [
    ['commas', '?tenant_quotas=virtual_machines,storage_size'],
    ['encoded commas', '?tenant_quotas=virtual_machines%2Cstorage_size'],
    ['repetition', '?tenant_quotas=virtual_machines&tenant_quotas=storage_size'],
    ['brackets', '?tenant_quotas[]=virtual_machines&tenant_quotas%5B%5D=storage_size'],
    [
      'all of it, with repeats and blanks',
      '?tenant_quotas=storage_size,,%20virtual_machines&tenant_quotas[]=storage_size',
    ],
  ] as const)
    test(`lists with ${name}`, () =>
      assert.deepEqual(readUpsellLink(query).tenant_quotas, ['storage_size', 'virtual_machines']))
  test('an origin in any capitals, in its proper ones', () => {
    assert.equal(readUpsellLink('?origin=ALERT_ON_STORAGE').origin, 'Alert_on_Storage')
    assert.equal(readUpsellLink('?origin=Alert_On_Mobile_Devices').origin, 'alert_on_mobile_devices')
    assert.equal(readUpsellLink('?origin=elsewhere').origin, null)
  })
  test('what makes no sense is left out', () =>
    assert.deepEqual(
      readUpsellLink('https://a.example/?origin&tenant_id=1e3&user_account_id=-4&user_quotas=<b>&redirect_url=%zz'),
      {
        origin: null,
        user_quotas: [],
        tenant_quotas: [],
        user_account_id: null,
        tenant_id: null,
        redirect_url: null,
      },
    ))
})

test('usage names and tokens stand for each other; others stand for themselves', () => {
  for (const usageName of ['storage', 'workstations', 'servers', 'vms', 'mobiles', 'mailboxes'])
    assert.equal(usageNameOf(tokenOf(usageName)), usageName)
  assert.deepEqual(['storage', 'workstations', 'servers', 'vms', 'mobiles'].map(tokenOf), QUOTA_TOKENS)
})
