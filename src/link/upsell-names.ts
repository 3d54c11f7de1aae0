/**
 * The words of an upsell link (spec/upsell.md "The link"). `token` stands in `user_quotas` and `tenant_quotas`, `origin`
 * says which alert was clicked; the storage one has capitals, and only that one.
 */
const ITEMS = [
  { usageName: 'storage', token: 'storage_size', origin: 'Alert_on_Storage' },
  { usageName: 'workstations', token: 'physical_machines', origin: 'alert_on_physical_machines' },
  { usageName: 'servers', token: 'physical_servers', origin: 'alert_on_physical_servers' },
  { usageName: 'vms', token: 'virtual_machines', origin: 'alert_on_virtual_machines' },
  { usageName: 'mobiles', token: 'mobile_devices', origin: 'alert_on_mobile_devices' },
] as const

/** The five that every Buy URL understands, in the order of a link. */
export const QUOTA_TOKENS: readonly string[] = ITEMS.map(({ token }) => token)

/** Where a link can be clicked, beside the alerts of what a provider defines itself. */
export const UPSELL_ORIGINS: readonly string[] = [
  ...ITEMS.map(({ origin }) => origin),
  'email_notification',
  'mc_usage_info',
]

const byUsage: ReadonlyMap<string, (typeof ITEMS)[number]> = new Map(ITEMS.map((item) => [item.usageName, item]))
const byToken: ReadonlyMap<string, (typeof ITEMS)[number]> = new Map(ITEMS.map((item) => [item.token, item]))

/** Whether any Buy URL knows this usage; others are told to a Buylink's own `/upgrade` alone. */
export const isStandardUsage = (usageName: string): boolean => byUsage.has(usageName)

/** What stands for a usage in the lists of a link; a provider's own usage goes by its name. */
export const tokenOf = (usageName: string): string => byUsage.get(usageName)?.token ?? usageName

/** The usage a token of a link is about. */
export const usageNameOf = (token: string): string => byToken.get(token)?.usageName ?? token

/** The `origin` of the alert about a usage. */
export const alertOriginOf = (usageName: string): string => byUsage.get(usageName)?.origin ?? `alert_on_${usageName}`

const canonical: ReadonlyMap<string, string> = new Map(UPSELL_ORIGINS.map((origin) => [origin.toLowerCase(), origin]))

/** An origin in its proper capitals, however it was written; undefined for what is none. */
export function canonicalOrigin(text: string): string | undefined {
  const lower = text.toLowerCase()
  return canonical.get(lower) ?? (/^alert_on_[a-z0-9_]{1,64}$/.test(lower) ? lower : undefined)
}

/** The standard tokens in their order, then others by name; each once. */
export function inLinkOrder(tokens: readonly string[]): string[] {
  const given = new Set(tokens)
  const standard = QUOTA_TOKENS.filter((token) => given.delete(token))
  return [...standard, ...[...given].sort()]
}
