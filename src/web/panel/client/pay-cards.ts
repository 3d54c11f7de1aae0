import type { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { loadSession } from '../session.ts'
import type { Payment } from '../types.ts'

/** A card that is kept at the gateway. */
export interface Card {
  readonly id: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly isDefault: boolean
}

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  eftpos_au: 'eftpos',
  jcb: 'JCB',
  unionpay: 'UnionPay',
}

/** As its holder calls it: Visa ending in 4242. */
export function cardName(
  { t }: Pick<ReturnType<typeof useText>, 't'>,
  { brand, last4 }: Pick<Card, 'brand' | 'last4'>,
): string {
  return t('card.name', { brand: BRANDS[brand] ?? brand.slice(0, 1).toUpperCase() + brand.slice(1), last4 })
}

export const cardsOf = async (accountId: string): Promise<readonly Card[]> =>
  (await call<{ items: readonly Card[] }>(`/accounts/${accountId}/cards`)).items

/** The card that a payment can be charged to; null where there is none. */
export async function cardFor(payment: Payment): Promise<Card | null> {
  const { takesCards, scopes } = await loadSession()
  if (!takesCards || !payment.payableBy?.includes('card') || !scopes.includes('payments:write')) return null
  return (await cardsOf(payment.account.id)).find(({ isDefault }) => isDefault) ?? null
}
