import { BOUNDS, sizeProblem } from './bounds.ts'
import { decode } from './decode.ts'
import { canonicalOrigin, inLinkOrder } from './upsell-names.ts'

/** An upsell link as it arrives: nothing in it proves anything, and any part may be missing. */
export interface ReadUpsellLink {
  /** In its proper capitals; null for what is none. */
  readonly origin: string | null
  /** Tokens in the order of a link, each once. */
  readonly user_quotas: readonly string[]
  readonly tenant_quotas: readonly string[]
  /** Decimal numbers as text; null for what is none. */
  readonly user_account_id: string | null
  readonly tenant_id: string | null
  readonly redirect_url: string | null
}

const NOTHING: ReadUpsellLink = {
  origin: null,
  user_quotas: [],
  tenant_quotas: [],
  user_account_id: null,
  tenant_id: null,
  redirect_url: null,
}

/**
 * Reads what an upsell link says. Lists may be joined by commas, repeated, or written with `[]`; `origin` in any
 * capitals; of a single value given twice the last counts. What makes no sense is left out: a click leads somewhere.
 *
 * @param link A URL, or its query with or without the `?`.
 */
export function readUpsellLink(link: string): ReadUpsellLink {
  const query = (link.split('#', 1)[0] ?? '').replace(/^[^?]*\?/, '')
  if (sizeProblem(query) !== null) return NOTHING
  const values = new Map<string, string[]>()
  for (const pair of query.split('&').slice(0, BOUNDS.pairs)) {
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at))?.replace(/\[\]$/, '')
    const value = at < 0 ? null : decode(pair.slice(at + 1))
    if (name === undefined || value === null) continue
    values.set(name, [...(values.get(name) ?? []), value])
  }
  const single = (name: string): string | undefined => values.get(name)?.at(-1)
  const number = (name: string): string | null => {
    const text = single(name) ?? ''
    return /^[1-9]\d{0,18}$/.test(text) ? text : null
  }
  return {
    origin: canonicalOrigin(single('origin') ?? '') ?? null,
    user_quotas: tokensOf(values.get('user_quotas')),
    tenant_quotas: tokensOf(values.get('tenant_quotas')),
    user_account_id: number('user_account_id'),
    tenant_id: number('tenant_id'),
    redirect_url: single('redirect_url') || null,
  }
}

const tokensOf = (values: readonly string[] = []): string[] =>
  inLinkOrder(
    values
      .flatMap((value) => value.split(','))
      .map((token) => token.trim().toLowerCase())
      .filter((token) => /^[a-z0-9_]{1,64}$/.test(token)),
  )
