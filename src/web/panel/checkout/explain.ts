import type { WireMoney } from '../../../kernel/money.ts'
import type { DurationValue } from '../../messages/text.ts'
import { call } from '../api.ts'
import type { Session } from '../session-types.ts'
import type { LinkIssue } from '../types.ts'

/** What `POST /buy-links/explain` says of a link, as far as a preview needs it. Parts it could not read are absent. */
export interface Explained {
  readonly product?: { readonly name: string; readonly slug?: string } | null
  readonly plan?: { readonly name: string } | null
  readonly period?: { readonly duration: DurationValue; readonly trial: boolean } | null
  readonly total?: WireMoney | null
  readonly topup?: WireMoney | null
  readonly errors: readonly LinkIssue[]
}

/** Explains an order link before anyone signs in. A preview is a courtesy: where it fails, the page goes without. */
export async function explainLink(search: string, session: Session): Promise<Explained | null> {
  const base = session.store?.origin ?? location.origin
  try {
    const answer = await call<Explained>('/buy-links/explain', {
      method: 'POST',
      body: { url: `${base}/external_dispatcher/settle${search}` },
    })
    return { ...answer, errors: answer.errors ?? [] }
  } catch {
    return null
  }
}
