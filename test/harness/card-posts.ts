import type { Post } from './every-post.ts'
import { type setPostStage, USD } from './post-stage.ts'
import type { StripeStandIn } from './stripe.ts'

/** The POSTs about cards that are kept. */
export const cardPosts = (
  { customer, account, make }: Pick<Awaited<ReturnType<typeof setPostStage>>, 'customer' | 'account' | 'make'>,
  stripe: StripeStandIn,
): Readonly<Record<string, () => Promise<Post>>> => {
  const setups = `/api/v1/accounts/${account.id}/card-setups`
  const enter = async (): Promise<void> => {
    const { url } = await make<{ id: string; url: string }>(setups, { agree: true }, customer)
    // Another number each time, so that none takes the place of its copy.
    stripe.card = { ...stripe.card, fingerprint: `fp_${stripe.methods.size}` }
    stripe.pay(url.split('/').at(-1) ?? '')
  }
  const keep = async (): Promise<string> => {
    await enter()
    await customer.send('POST', `${setups}/check`, {})
    const { body } = await customer.send('GET', `/api/v1/accounts/${account.id}/cards`)
    return (body as unknown as { items: { id: string }[] }).items.at(-1)?.id ?? ''
  }
  const by = () => customer
  return {
    '/api/v1/accounts/{account_id}/card-setups': async () => ({ by, path: setups, body: { agree: true } }),
    '/api/v1/accounts/{account_id}/card-setups/check': async () => {
      await enter()
      return { by, path: `${setups}/check`, body: {} }
    },
    '/api/v1/accounts/{account_id}/cards/{card_id}/make-default': async () => {
      await keep()
      // The older of two.
      return { by, path: `/api/v1/accounts/${account.id}/cards/${await keep()}/make-default`, body: {} }
    },
    '/api/v1/payments/{payment_id}/card-charges': async () => {
      await keep()
      const topup = await make('/api/v1/payments', { account_id: account.id, amount: USD('33.00') }, customer)
      return { by, path: `/api/v1/payments/${topup.id}/card-charges`, body: {} }
    },
  }
}
