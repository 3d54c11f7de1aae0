import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Stripe } from 'stripe'
import { atEnd } from './at-end.ts'

/** What the stand-in keeps of a Checkout Session, as Stripe's API shows it. */
interface Session {
  readonly id: string
  readonly object: 'checkout.session'
  readonly url: string
  status: 'open' | 'complete' | 'expired'
  payment_status: 'unpaid' | 'paid'
  payment_intent: string | null
  readonly amount_total: number
  readonly currency: string
  readonly client_reference_id: string
  readonly success_url: string
}

interface Signing {
  readonly secret?: string
  readonly atSeconds?: number
}

/** Money that the stand-in sent back to a card. */
interface SentBack {
  readonly id: string
  readonly object: 'refund'
  readonly payment_intent: string
  readonly amount: number
  readonly metadata: Readonly<Record<string, string>>
  status: 'succeeded' | 'pending' | 'failed'
}

/** A small real server that answers Stripe's official library as far as card payments go; it has a page to pay on. */
export interface StripeStandIn {
  readonly apiBase: string
  readonly secretKey: string
  readonly webhookSecret: string
  readonly sessions: Map<string, Session>
  readonly refunds: SentBack[]
  /** What becomes of refunds from now on. */
  refundStatus: SentBack['status']
  /** How many sessions were really made, whatever was asked for again. */
  readonly created: number
  /** Answers every request with 500 while set. */
  isDown: boolean
  /** The payer pays on the page; returns the event that Stripe would send. */
  pay(sessionId: string): StripeEvent
  expire(sessionId: string): StripeEvent
  /** An event as Stripe sends it. */
  signed(event: StripeEvent, options?: Signing): { body: string; headers: Record<string, string> }
  /** Sends it. */
  deliver(origin: string, event: StripeEvent, options?: Signing): Promise<Response>
}
export interface StripeEvent {
  readonly id: string
  readonly object: 'event'
  readonly type: string
  readonly data: { readonly object: unknown }
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
  const byKey = new Map<string, Session>()
  let created = 0
  let events = 0
  const refunds: SentBack[] = []
  const state = { isDown: false, refundStatus: 'succeeded' as SentBack['status'] }
  const event = (type: string, session: Session): StripeEvent => ({
    id: `evt_${++events}`,
    object: 'event',
    type,
    data: { object: { ...session } },
  })
  const get = (id: string): Session => {
    const session = sessions.get(id)
    if (!session) throw new Error(`No session ${id}`)
    return session
  }
  const pay = (id: string): StripeEvent => {
    const session = get(id)
    if (session.status === 'expired') throw new Error('Nobody pays on a page that has expired')
    Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent: `pi_${id.slice(3)}` })
    return event('checkout.session.completed', session)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const refuse = (status: number, message: string) =>
      send(status, { error: { type: 'invalid_request_error', message } })
    const path = new URL(request.url ?? '/', 'http://stripe.test').pathname
    const page = /^\/pay\/(cs_\w+)$/.exec(path)?.[1]
    if (page !== undefined) return payPage(request, response, page)
    if (state.isDown) return void send(500, { error: { type: 'api_error', message: 'Down' } })
    if (request.headers.authorization !== 'Bearer sk_test_stand_in') return void refuse(401, 'Invalid API Key')
    if (request.method === 'POST' && path === '/v1/checkout/sessions') {
      const key = String(request.headers['idempotency-key'])
      const known = byKey.get(key)
      if (known) return void send(200, known)
      const amount = Number(form.get('line_items[0][price_data][unit_amount]'))
      if (amount < 50) return void refuse(400, 'The amount is below the least that a card can pay.')
      const id = `cs_${++created}`
      const session: Session = {
        id,
        object: 'checkout.session',
        url: `${apiBase}/pay/${id}`,
        status: 'open',
        payment_status: 'unpaid',
        payment_intent: null,
        amount_total: amount,
        currency: form.get('line_items[0][price_data][currency]') ?? '',
        client_reference_id: form.get('client_reference_id') ?? '',
        success_url: form.get('success_url') ?? '',
      }
      sessions.set(id, session)
      byKey.set(key, session)
      return void send(200, session)
    }
    if (path.startsWith('/v1/refunds')) return answerRefund(request, form, send, refuse)
    const [, id = '', verb] = /^\/v1\/checkout\/sessions\/(cs_\w+)(\/expire)?$/.exec(path) ?? []
    const session = sessions.get(id)
    if (!session) return void refuse(404, 'No such session')
    if (verb && session.status !== 'open') return void refuse(400, 'Only open sessions can be expired.')
    if (verb) session.status = 'expired'
    send(200, session)
  }

  /** The gateway forgets keys after a day: here it never knew them, so that ours must find what was sent. */
  function answerRefund(
    request: IncomingMessage,
    form: URLSearchParams,
    send: (status: number, body: unknown) => unknown,
    refuse: (status: number, message: string) => unknown,
  ): void {
    const url = new URL(request.url ?? '/', 'http://stripe.test')
    const id = /^\/v1\/refunds\/(re_\d+)$/.exec(url.pathname)?.[1]
    if (id)
      return void send(
        200,
        refunds.find((refund) => refund.id === id),
      )
    const ofIntent = (intent: string | null) => refunds.filter((refund) => refund.payment_intent === intent)
    if (request.method === 'GET') {
      const data = ofIntent(url.searchParams.get('payment_intent'))
      return void send(200, { object: 'list', data, has_more: false, url: '/v1/refunds' })
    }
    const intent = form.get('payment_intent') ?? ''
    const amount = Number(form.get('amount'))
    const session = [...sessions.values()].find((each) => each.payment_intent === intent)
    const gone = ofIntent(intent).reduce((sum, refund) => sum + (refund.status === 'failed' ? 0 : refund.amount), 0)
    if (!session || gone + amount > session.amount_total)
      return void refuse(400, 'Refund amount is greater than charge.')
    const refund: SentBack = {
      id: `re_${refunds.length + 1}`,
      object: 'refund',
      payment_intent: intent,
      amount,
      metadata: { refund: form.get('metadata[refund]') ?? '' },
      status: state.refundStatus,
    }
    refunds.push(refund)
    send(200, refund)
  }

  async function payPage(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    if (request.method === 'POST') {
      await options.onPaid?.(pay(id))
      response.writeHead(303, { location: get(id).success_url }).end()
      return
    }
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><html lang="en"><title>Pay</title><form method="post"><button>Pay by card</button></form>`)
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
  return {
    apiBase,
    secretKey: 'sk_test_stand_in',
    webhookSecret,
    sessions,
    refunds,
    get refundStatus() {
      return state.refundStatus
    },
    set refundStatus(status) {
      state.refundStatus = status
    },
    get created() {
      return created
    },
    get isDown() {
      return state.isDown
    },
    set isDown(isDown) {
      state.isDown = isDown
    },
    pay,
    expire(id) {
      get(id).status = 'expired'
      return event('checkout.session.expired', get(id))
    },
    signed,
    deliver: (origin, delivered, options) =>
      fetch(`${origin}/api/v1/stripe/webhooks`, { method: 'POST', ...signed(delivered, options) }),
  }
}
