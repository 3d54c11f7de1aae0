import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Stripe } from 'stripe'
import { atEnd } from './at-end.ts'
import { createIntents } from './stripe-intents.ts'
import {
  type Intent,
  type PaymentMethod,
  refusal,
  type Said,
  type SentBack,
  type Session,
  type StripeEvent,
  type TestCard,
} from './stripe-shapes.ts'

export type { StripeEvent } from './stripe-shapes.ts'

interface Signing {
  readonly secret?: string
  readonly atSeconds?: number
}

/** A small real server that answers Stripe's official library as far as card payments go; it has a page to pay on. */
export interface StripeStandIn {
  readonly apiBase: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly sessions: Map<string, Session>
  readonly refunds: SentBack[]
  /** Cards that are kept, and forgotten ones (`customer` null). */
  readonly methods: Map<string, PaymentMethod>
  readonly intents: Map<string, Intent>
  /** The card that is entered on a page from now on. */
  card: TestCard
  /** What becomes of refunds from now on. */
  refundStatus: SentBack['status']
  /** How many sessions were really made, whatever was asked for again. */
  readonly created: number
  /** Answers every request with 500 while set. */
  isDown: boolean
  /** Does what it is asked for and breaks the connection before the answer, for requests whose path matches. */
  losesAnswersTo: RegExp | undefined
  /** A day passes: idempotency keys are forgotten. */
  forgetKeys(): void
  /** The payer pays on the page, or enters a card to be kept; returns the event that Stripe would send. */
  pay(sessionId: string): StripeEvent
  expire(sessionId: string): StripeEvent
  /** A bank that thought has decided; returns the event. */
  decide(intentId: string, status: 'succeeded' | 'requires_payment_method'): StripeEvent
  /** An event as Stripe sends it. */
  signed(event: StripeEvent, options?: Signing): { body: string; headers: Record<string, string> }
  /** Sends it. */
  deliver(origin: string, event: StripeEvent, options?: Signing): Promise<Response>
}

export const VISA: TestCard = {
  brand: 'visa',
  last4: '4242',
  exp_month: 12,
  exp_year: 2031,
  fingerprint: 'fp_visa',
  bank: 'takes',
}

/**
 * Start it at the top of a test file, whose end ends it.
 *
 * @param options.onPaid Called when somebody pays on the stand-in's own page: sends the webhook in a browser test.
 */
export async function startStripe(
  options: { onPaid?: (event: StripeEvent) => Promise<void> } = {},
): Promise<StripeStandIn> {
  const sessions = new Map<string, Session>()
  const byKey = new Map<string, { readonly request: string; readonly said: Said }>()
  const own = createIntents()
  let events = 0
  const refunds: SentBack[] = []
  const state = {
    isDown: false,
    refundStatus: 'succeeded' as SentBack['status'],
    card: VISA,
    losesAnswersTo: undefined as RegExp | undefined,
    created: 0,
  }
  const event = (type: string, about: object): StripeEvent => ({
    id: `evt_${++events}`,
    object: 'event',
    type,
    data: { object: { ...about } },
  })
  const get = (id: string): Session => {
    const session = sessions.get(id)
    if (!session) throw new Error(`No session ${id}`)
    return session
  }
  const pay = (id: string): StripeEvent => {
    const session = get(id)
    if (session.status === 'expired') throw new Error('Nobody pays on a page that has expired')
    const isSetup = session.mode === 'setup'
    if (session.status === 'open') {
      const method = own.enter(state.card, isSetup || session.keeps ? session.customer : null)
      const intentId = `${isSetup ? 'seti' : 'pi'}_${id.slice(3)}`
      own.insert({
        id: intentId,
        object: isSetup ? 'setup_intent' : 'payment_intent',
        amount: session.amount_total ?? 0,
        currency: session.currency,
        customer: session.customer,
        metadata: {},
        payment_method: method.id,
        status: 'succeeded',
      })
      Object.assign(
        session,
        isSetup
          ? { status: 'complete', payment_status: 'no_payment_required', setup_intent: intentId }
          : { status: 'complete', payment_status: 'paid', payment_intent: intentId },
      )
    }
    return event('checkout.session.completed', session)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const url = new URL(request.url ?? '/', 'http://stripe.test')
    const page = /^\/pay\/(cs_\w+)$/.exec(url.pathname)?.[1]
    if (page !== undefined) return payPage(request, response, page)
    const said = state.isDown
      ? { status: 500, body: { error: { type: 'api_error', message: 'Down' } } }
      : request.headers.authorization !== 'Bearer sk_test_stand_in'
        ? refusal(401, 'Invalid API Key')
        : once24h(request, url, text)
    if (state.losesAnswersTo?.test(url.pathname)) return void response.destroy()
    response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body))
  }

  /** What was said under a key is said again for a day, refusals of cards too; never for another request. */
  function once24h(request: IncomingMessage, url: URL, text: string): Said {
    const verb = request.method ?? 'GET'
    const key = verb === 'POST' ? request.headers['idempotency-key'] : undefined
    const said = (): Said => carryOut(verb, url, new URLSearchParams(text))
    // Of refunds the gateway never knew a key, so that ours must find what was sent.
    if (typeof key !== 'string' || url.pathname.startsWith('/v1/refunds')) return said()
    const same = `${url.pathname} ${text}`
    const known = byKey.get(key)
    if (known && known.request !== same)
      return refusal(400, 'Keys for idempotent requests can only be used with the same parameters.', {
        type: 'idempotency_error',
      })
    // A copy: what it was when it was said.
    const kept = known?.said ?? structuredClone(said())
    byKey.set(key, { request: same, said: kept })
    return kept
  }

  function carryOut(verb: string, url: URL, form: URLSearchParams): Said {
    const path = url.pathname
    if (verb === 'POST' && path === '/v1/checkout/sessions') return openSession(form)
    if (path.startsWith('/v1/refunds')) return answerRefund(verb, url, form)
    const ofIntents = own.answer(verb, path, form)
    if (ofIntents) return ofIntents
    const [, id = '', action] = /^\/v1\/checkout\/sessions\/(cs_\w+)(\/expire)?$/.exec(path) ?? []
    const session = sessions.get(id)
    if (!session) return refusal(404, 'No such session')
    if (action && session.status !== 'open') return refusal(400, 'Only open sessions can be expired.')
    if (action) session.status = 'expired'
    return { status: 200, body: expanded(session, [...url.searchParams.values()]) }
  }

  /** `expand[]=payment_intent.payment_method`: the things themselves in place of their ids. */
  function expanded(session: Session, asked: readonly string[]): unknown {
    const whole: Record<string, unknown> = { ...session }
    for (const field of ['payment_intent', 'setup_intent'] as const) {
      const intent = own.intents.get(session[field] ?? '')
      if (!intent || !asked.includes(`${field}.payment_method`)) continue
      whole[field] = { ...intent, payment_method: own.methods.get(intent.payment_method ?? '') ?? null }
    }
    return whole
  }

  function openSession(form: URLSearchParams): Said {
    const mode = form.get('mode') === 'setup' ? 'setup' : 'payment'
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'))
    if (mode === 'payment' && amount < 50) return refusal(400, 'The amount is below the least that a card can pay.')
    const customer = form.get('customer')
    if (customer !== null && !own.customers.has(customer)) return refusal(400, `No such customer: '${customer}'`)
    const id = `cs_${++state.created}`
    const session: Session = {
      id,
      object: 'checkout.session',
      mode,
      url: `${apiBase}/pay/${id}`,
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      setup_intent: null,
      customer,
      amount_total: mode === 'setup' ? null : amount,
      currency: form.get('line_items[0][price_data][currency]') ?? form.get('currency') ?? '',
      client_reference_id: form.get('client_reference_id') ?? '',
      success_url: form.get('success_url') ?? '',
      keeps: form.get('payment_intent_data[setup_future_usage]') === 'off_session',
    }
    sessions.set(id, session)
    return { status: 200, body: session }
  }

  function answerRefund(verb: string, url: URL, form: URLSearchParams): Said {
    const id = /^\/v1\/refunds\/(re_\d+)$/.exec(url.pathname)?.[1]
    if (id) return { status: 200, body: refunds.find((refund) => refund.id === id) }
    const ofIntent = (intent: string | null) => refunds.filter((refund) => refund.payment_intent === intent)
    if (verb === 'GET') {
      const data = ofIntent(url.searchParams.get('payment_intent'))
      return { status: 200, body: { object: 'list', data, has_more: false, url: '/v1/refunds' } }
    }
    const intent = form.get('payment_intent') ?? ''
    const amount = Number(form.get('amount'))
    const paid = own.intents.get(intent)
    const gone = ofIntent(intent).reduce((sum, refund) => sum + (refund.status === 'failed' ? 0 : refund.amount), 0)
    if (paid?.status !== 'succeeded' || gone + amount > paid.amount)
      return refusal(400, 'Refund amount is greater than charge.')
    const refund: SentBack = {
      id: `re_${refunds.length + 1}`,
      object: 'refund',
      payment_intent: intent,
      amount,
      metadata: { refund: form.get('metadata[refund]') ?? '' },
      status: state.refundStatus,
    }
    refunds.push(refund)
    return { status: 200, body: refund }
  }

  async function payPage(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    if (request.method === 'POST') {
      await options.onPaid?.(pay(id))
      response.writeHead(303, { location: get(id).success_url }).end()
      return
    }
    const button = get(id).mode === 'setup' ? 'Keep this card' : 'Pay by card'
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><html lang="en"><title>Pay</title><form method="post"><button>${button}</button></form>`)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const library = new Stripe('sk_test_stand_in')
  const webhookSecret = 'whsec_of_the_tests'
  const signed: StripeStandIn['signed'] = (
    sent,
    { secret = webhookSecret, atSeconds = Math.floor(Date.now() / 1000) } = {},
  ) => {
    const body = JSON.stringify(sent)
    const signature = library.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: atSeconds })
    return { body, headers: { 'content-type': 'application/json', 'stripe-signature': signature } }
  }
  // What a test changes is read at every request.
  return Object.assign(state, {
    apiBase,
    secretKey: 'sk_test_stand_in',
    webhookSecret,
    sessions,
    refunds,
    methods: own.methods,
    intents: own.intents,
    forgetKeys: () => byKey.clear(),
    pay,
    expire(id: string) {
      get(id).status = 'expired'
      return event('checkout.session.expired', get(id))
    },
    decide(id: string, status: 'succeeded' | 'requires_payment_method') {
      const intent = own.intents.get(id)
      if (!intent) throw new Error(`No intent ${id}`)
      intent.status = status
      return event(status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', intent)
    },
    signed,
    deliver: (origin: string, delivered: StripeEvent, signing?: Signing) =>
      fetch(`${origin}/api/v1/stripe/webhooks`, { method: 'POST', ...signed(delivered, signing) }),
  })
}
