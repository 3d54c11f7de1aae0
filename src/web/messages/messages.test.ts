import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { alerts } from './en/alerts.ts'
import { balance } from './en/balance.ts'
import { cards } from './en/cards.ts'
import { billing } from './en/billing.ts'
import { brand } from './en/brand.ts'
import { builder } from './en/builder.ts'
import { editing } from './en/editing.ts'
import { operations } from './en/operations.ts'
import { places } from './en/places.ts'
import { choosing } from './en/choosing.ts'
import { change } from './en/change.ts'
import { profile } from './en/profile.ts'
import { checkout } from './en/checkout.ts'
import { client } from './en/client.ts'
import { common } from './en/common.ts'
import { details } from './en/details.ts'
import { dunning } from './en/dunning.ts'
import { discounts } from './en/discounts.ts'
import { refunds } from './en/refunds.ts'
import { payFirst } from './en/pay-first.ts'
import { entrance } from './en/entrance.ts'
import { figures } from './en/figures.ts'
import { ordering } from './en/ordering.ts'
import { links } from './en/links.ts'
import { notify } from './en/notify.ts'
import { panel } from './en/panel.ts'
import { paying } from './en/paying.ts'
import { oneRecord } from './en/one-record.ts'
import { records } from './en/records.ts'
import { people } from './en/people.ts'
import { connectors } from './en/connectors.ts'
import { platforms } from './en/platforms.ts'
import { portal } from './en/portal.ts'
import { start } from './en/start.ts'
import { priceChange } from './en/price-change.ts'
import { prices } from './en/prices.ts'
import { quotas } from './en/quotas.ts'
import { security } from './en/security.ts'
import { setup } from './en/setup.ts'
import { sales } from './en/sales.ts'
import { costs } from './en/costs.ts'
import { sandbox } from './en/sandbox.ts'
import { statements } from './en/statements.ts'
import { testClock } from './en/test-clock.ts'
import { store } from './en/store.ts'
import { subscription } from './en/subscription.ts'
import { upsell } from './en/upsell.ts'
import { timeline } from './en/timeline.ts'
import { upgrade } from './en/upgrade.ts'
import { accounts } from './en/accounts.ts'
import { menu } from './en/menu.ts'

const catalogues = {
  alerts,
  balance,
  cards,
  billing,
  brand,
  builder,
  editing,
  operations,
  places,
  choosing,
  change,
  profile,
  checkout,
  client,
  common,
  details,
  dunning,
  discounts,
  refunds,
  payFirst,
  entrance,
  figures,
  ordering,
  links,
  notify,
  panel,
  paying,
  people,
  oneRecord,
  records,
  connectors,
  platforms,
  portal,
  start,
  prices,
  costs,
  priceChange,
  sandbox,
  statements,
  testClock,
  quotas,
  security,
  setup,
  sales,
  store,
  subscription,
  accounts,
  menu,
  timeline,
  upgrade,
  upsell,
}
const english: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(catalogues))
const web = join(import.meta.dirname, '..')
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|^messages\/en\//.test(file))
  .map((file) => readFileSync(join(web, file), 'utf8'))
  .join('\n')

/** Every literal that has the form of a key, wherever it stands: in `t(…)`, in a table of keys, in a choice. */
const literals = new Set([...sources.matchAll(/'([a-z_]+(?:\.[a-z_]+)+|loading|none)'/g)].map(([, key = '']) => key))
/** Beginnings of keys that are put together: `status.order.${…}`. */
const prefixes = [...sources.matchAll(/`([a-z_]+(?:[._][a-z_]*)*[._])\$\{/g)].map(([, prefix = '']) => prefix)

test('no message is missing', () => {
  const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key)
  assert.ok(asked.length > 200, 'the search finds the texts')
  assert.deepEqual(
    asked.filter((key) => !(key in english)),
    [],
  )
})
test('no message is unused', () => {
  const isUsed = (key: string): boolean => literals.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
  assert.deepEqual(
    Object.keys(english).filter((key) => !isUsed(key)),
    [],
  )
})
test('no message is said twice under one key', () => {
  const keys = Object.values(catalogues).flatMap((catalogue) => Object.keys(catalogue))
  assert.deepEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
  )
})
