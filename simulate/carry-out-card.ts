import { getAccount } from '../src/accounts/index.ts'
import { ensureHolder } from '../src/cards/card-holder.ts'
import { findChargeByGatewayId } from '../src/cards/charge-store.ts'
import { settleCharge } from '../src/cards/index.ts'
import { openCardSession } from '../src/cards/open-card-session.ts'
import { openCardSetup, settleCardSetup } from '../src/cards/open-card-setup.ts'
import { settleCardSession } from '../src/cards/settle-card-session.ts'
import { openSetupsOf } from '../src/cards/setup-store.ts'
import { openSessionsOf } from '../src/cards/store.ts'
import type { SellerId, TenantId } from '../src/kernel/ids.ts'
import type { Principal } from '../src/platform/actor.ts'
import type { Installation, Running } from './installation.ts'
import type { OwnPayment } from './standing.ts'

/** Whose card it is. */
export interface Holder {
  readonly name: string
  readonly sellerId: SellerId
  readonly id: TenantId
  readonly actor: Principal
}

type Once = <Value>(question: string, ask: () => Promise<Value>) => Promise<Value>

const RETURN_URL = 'https://simulate.example/client'

/** Enters a card on the gateway's page and comes back. */
export async function keepCard({ parts, bank }: Running, holder: Holder, once: Once): Promise<void> {
  const { db, clock } = parts
  const { sellerId, id, actor, name } = holder
  const { url } = await once('page', async () => {
    const account = await getAccount(db, actor, id)
    const agreedBy = { kind: actor.kind, id: actor.id }
    return openCardSetup(db, clock, bank.gateway, { account, returnUrl: RETURN_URL, agreedBy })
  })
  bank.enter(name, url)
  for (const setup of await openSetupsOf(db, sellerId, id)) await settleCardSetup(db, clock, bank.gateway, setup)
}

/** Pays on the gateway's page, and comes back. */
export async function payByCard(
  { parts, bank }: Running,
  holder: Holder,
  { payment, keeps }: { readonly payment: OwnPayment; readonly keeps: boolean },
  once: Once,
): Promise<void> {
  const { db, clock } = parts
  const { sellerId, actor, name } = holder
  const { url } = await once('page', async () => {
    const keepFor = keeps && {
      holderId: await ensureHolder(db, clock, bank.gateway, holder),
      agreedBy: { kind: actor.kind, id: actor.id },
    }
    const request = { sellerId, paymentId: payment.id, returnUrl: RETURN_URL, ...(keepFor && { keepFor }) }
    return openCardSession(db, clock, bank.gateway, request)
  })
  bank.enter(name, url)
  for (const session of await openSessionsOf(db, sellerId, payment.id))
    await settleCardSession(db, clock, bank.gateway, session)
}

/** What the gateway tells by webhook, some of it twice. */
export async function hearOfCharges(installation: Installation, told: readonly string[]): Promise<void> {
  for (const [index, gatewayId] of told.entries())
    for (let times = 0; times <= index % 2; times++)
      await installation.work(async ({ parts: { db, clock }, bank }) => {
        const charge = await findChargeByGatewayId(db, gatewayId)
        if (charge) await settleCharge(db, clock, bank.gateway, charge)
      })
}
