import type { alerts } from './en/alerts.ts'
import type { balance } from './en/balance.ts'
import type { billing } from './en/billing.ts'
import type { brand } from './en/brand.ts'
import type { builder } from './en/builder.ts'
import type { editing } from './en/editing.ts'
import type { operations } from './en/operations.ts'
import type { places } from './en/places.ts'
import type { plan } from './en/plan.ts'
import type { cards } from './en/cards.ts'
import type { categories } from './en/categories.ts'
import type { choosing } from './en/choosing.ts'
import type { change } from './en/change.ts'
import type { profile } from './en/profile.ts'
import type { checkout } from './en/checkout.ts'
import type { client } from './en/client.ts'
import type { common } from './en/common.ts'
import type { discounts } from './en/discounts.ts'
import type { refunds } from './en/refunds.ts'
import type { payFirst } from './en/pay-first.ts'
import type { details } from './en/details.ts'
import type { dunning } from './en/dunning.ts'
import type { entrance } from './en/entrance.ts'
import type { figures } from './en/figures.ts'
import type { ordering } from './en/ordering.ts'
import type { links } from './en/links.ts'
import type { notify } from './en/notify.ts'
import type { panel } from './en/panel.ts'
import type { paying } from './en/paying.ts'
import type { oneRecord } from './en/one-record.ts'
import type { records } from './en/records.ts'
import type { people } from './en/people.ts'
import type { connectors } from './en/connectors.ts'
import type { platforms } from './en/platforms.ts'
import type { portal } from './en/portal.ts'
import type { start } from './en/start.ts'
import type { priceChange } from './en/price-change.ts'
import type { prices } from './en/prices.ts'
import type { quotas } from './en/quotas.ts'
import type { security } from './en/security.ts'
import type { setup } from './en/setup.ts'
import type { costs } from './en/costs.ts'
import type { sandbox } from './en/sandbox.ts'
import type { sales } from './en/sales.ts'
import type { store } from './en/store.ts'
import type { subscription } from './en/subscription.ts'
import type { statements } from './en/statements.ts'
import type { testClock } from './en/test-clock.ts'
import type { upsell } from './en/upsell.ts'
import type { timeline } from './en/timeline.ts'
import type { upgrade } from './en/upgrade.ts'
import type { accounts } from './en/accounts.ts'
import type { menu } from './en/menu.ts'

type English = typeof alerts &
  typeof balance &
  typeof accounts &
  typeof menu &
  typeof billing &
  typeof brand &
  typeof builder &
  typeof editing &
  typeof operations &
  typeof places &
  typeof plan &
  typeof cards &
  typeof categories &
  typeof choosing &
  typeof change &
  typeof profile &
  typeof checkout &
  typeof client &
  typeof common &
  typeof details &
  typeof dunning &
  typeof discounts &
  typeof refunds &
  typeof payFirst &
  typeof entrance &
  typeof figures &
  typeof ordering &
  typeof links &
  typeof notify &
  typeof panel &
  typeof paying &
  typeof people &
  typeof oneRecord &
  typeof records &
  typeof connectors &
  typeof platforms &
  typeof portal &
  typeof start &
  typeof prices &
  typeof quotas &
  typeof security &
  typeof setup &
  typeof sales &
  typeof store &
  typeof subscription &
  typeof upsell &
  typeof costs &
  typeof priceChange &
  typeof sandbox &
  typeof statements &
  typeof testClock &
  typeof timeline &
  typeof upgrade

/** Every key of the English catalogues; other languages may lack some, never add any. */
export type MessageKey = keyof English
export type Catalogue = Readonly<Partial<Record<MessageKey, string>>>
