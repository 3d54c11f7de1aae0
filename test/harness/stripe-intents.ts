import { type Intent, type PaymentMethod, refusal, type Said, type TestCard } from './stripe-shapes.ts'

/** Customers, cards that are kept, and what is charged to them without their holder, as Stripe's API has them. */
export function createIntents() {
  const customers = new Set<string>()
  const methods = new Map<string, PaymentMethod>()
  const intents = new Map<string, Intent>()
  let count = 0

  const enter = (card: TestCard, customer: string | null): PaymentMethod => {
    const method: PaymentMethod = { id: `pm_${++count}`, object: 'payment_method', type: 'card', card, customer }
    methods.set(method.id, method)
    return method
  }
  const insert = (intent: Omit<Intent, 'last_payment_error'>): Intent => {
    const whole = { ...intent, last_payment_error: null }
    intents.set(intent.id, whole)
    return whole
  }

  /** The answer says what went wrong and the intent with it, as for every refused card. */
  const refuseCard = (intent: Intent, code: string, message: string): Said => {
    Object.assign(intent, {
      status: 'requires_payment_method',
      last_payment_error: { type: 'card_error', code, message },
    })
    return { status: 402, body: { error: { type: 'card_error', code, message, payment_intent: { ...intent } } } }
  }

  function confirm(intent: Intent, form: URLSearchParams): Said {
    if (intent.status !== 'requires_confirmation')
      return refusal(400, `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`, {
        code: 'payment_intent_unexpected_state',
      })
    const method = methods.get(intent.payment_method ?? '')
    if (!method || method.customer !== intent.customer)
      return refusal(400, 'The provided PaymentMethod cannot be used: it was detached from its customer.')
    if (form.get('off_session') !== 'true') return refusal(400, 'This stand-in knows charges without a holder only.')
    const { bank } = method.card
    if (bank === 'declines') return refuseCard(intent, 'card_declined', 'Your card was declined.')
    if (bank === 'wants_holder')
      return refuseCard(intent, 'authentication_required', 'Your card requires authentication.')
    intent.status = bank === 'thinks' ? 'processing' : 'succeeded'
    return { status: 200, body: intent }
  }

  function create(form: URLSearchParams): Said {
    const customer = form.get('customer') ?? ''
    const method = methods.get(form.get('payment_method') ?? '')
    if (!customers.has(customer)) return refusal(400, `No such customer: '${customer}'`)
    if (method?.customer !== customer) return refusal(400, `No such PaymentMethod of ${customer}.`)
    const amount = Number(form.get('amount'))
    if (amount < 50) return refusal(400, 'The amount is below the least that a card can pay.')
    const intent = insert({
      id: `pi_c${++count}`,
      object: 'payment_intent',
      amount,
      currency: form.get('currency') ?? '',
      customer,
      metadata: { charge: form.get('metadata[charge]') ?? '' },
      payment_method: method.id,
      status: 'requires_confirmation',
    })
    return { status: 200, body: intent }
  }

  /** @returns undefined where the path is another's. */
  function answer(verb: string, path: string, form: URLSearchParams): Said | undefined {
    if (verb === 'POST' && path === '/v1/customers') {
      const id = `cus_${++count}`
      customers.add(id)
      return { status: 200, body: { id, object: 'customer', name: form.get('name') } }
    }
    const [, methodId] = /^\/v1\/payment_methods\/(pm_\w+)\/detach$/.exec(path) ?? []
    if (methodId) {
      const method = methods.get(methodId)
      if (!method?.customer) return refusal(400, 'The payment method is not attached to a customer.')
      method.customer = null
      return { status: 200, body: method }
    }
    if (verb === 'POST' && path === '/v1/payment_intents') return create(form)
    const [, intentId, action] = /^\/v1\/payment_intents\/(pi_\w+?)(?:\/(confirm|cancel))?$/.exec(path) ?? []
    if (!intentId) return undefined
    const intent = intents.get(intentId)
    if (!intent) return refusal(404, `No such payment_intent: '${intentId}'`)
    if (action === 'confirm') return confirm(intent, form)
    if (action === 'cancel' && !['requires_confirmation', 'requires_payment_method'].includes(intent.status))
      return refusal(400, `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`)
    if (action === 'cancel') intent.status = 'canceled'
    return { status: 200, body: intent }
  }

  return { customers, methods, intents, enter, insert, answer }
}
