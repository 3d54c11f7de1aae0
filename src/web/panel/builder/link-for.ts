/**
 * A plan's own buy-link for another of its periods and with a manager's key, in the order and bytes of the documents
 * (spec/buy-links.md "The link"): the period is replaced, the key follows the service. The server's codec writes the
 * link this starts from, so what else it says stays as it is; a page need not load the codec.
 */
export function linkFor(link: string | null, periodId: string, managerKey: string | null): string | null {
  if (link === null) return null
  const withPeriod = link.replace(/(\[plan_period_id\]=)\d+/, `$1${periodId}`)
  if (managerKey === null) return withPeriod
  return withPeriod.replace('[type]=application', `[type]=application&manager_key=${encodeURIComponent(managerKey)}`)
}

/** In an address: links that credit nobody. No key has this sign. */
export const NOBODY = '!'

/** Whose key links carry: the one that was chosen, else a manager's own. */
export function chosenKey(chosen: string | null, own: string | null | undefined): string | null {
  if (chosen === NOBODY) return null
  return chosen || own || null
}
