import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer<Body = unknown> {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, text otherwise. */
  readonly body: Body
}

interface Amount {
  readonly amount: string
  readonly currency: string
}

/** What the journeys look at of each answer; the schemas at `/openapi.json` say all of it. */
export interface Checkout {
  readonly id: string
  readonly total: Amount
}

export interface PlacedOrder {
  readonly id: string
  readonly number: string
  readonly total: Amount
  readonly payment: { readonly id: string; readonly number: string; readonly total: Amount } | null
  readonly subscription: { readonly id: string }
}

export interface Payment {
  readonly id: string
  readonly status: string
  readonly version: string
  readonly received: Amount
  readonly receipts: readonly unknown[]
}

export interface Order {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly subscription: { readonly id: string; readonly status: string }
}

export interface Session {
  readonly account: { readonly id: string }
}

/** Someone with a browser: keeps cookies, sends the session's CSRF token with each change. */
export interface Visitor {
  readonly origin: string
  /** Any answer, whatever its status. */
  request<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Body>>
  /** The body of a successful answer. @throws {RefusedError} Any other. */
  call<Body>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Body>
  /** Cookies as the header says them. */
  cookies(): string
  /** The same browser at another address of the shop: its cookies and session go along. */
  at(origin: string): Visitor
}

export class RefusedError extends Error {
  readonly answer: Answer
  constructor(what: string, answer: Answer) {
    super(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`)
    this.answer = answer
  }
}

export function createVisitor(origin: string, jar: Map<string, string> = new Map(), csrf?: string): Visitor {
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function request<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: cookies(),
        ...(csrf !== undefined && { 'x-csrf-token': csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    const parsed = isJson ? JSON.parse(text) : text
    csrf = parsed.csrf_token ?? parsed.session?.csrf_token ?? csrf
    return { status: response.status, headers: response.headers, body: parsed }
  }

  return {
    origin,
    cookies,
    request,
    at: (other) => createVisitor(other, new Map(jar), csrf),
    async call<Body>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) {
      const answer = await request<Body>(method, path, body, headers)
      if (answer.status >= 400) throw new RefusedError(`${method} ${path}`, answer)
      return answer.body
    },
  }
}

/** Asks every 25 ms until the answer is as wanted. @throws With the last answer, after `timeoutMs`. */
export async function until<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
  { timeoutMs = 60_000, what = 'what was waited for', pauseMs = 25 } = {},
): Promise<Value> {
  const giveUpAtMs = performance.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (isWanted(value)) return value
    if (performance.now() > giveUpAtMs)
      throw new Error(`After ${timeoutMs / 1000} s there is no ${what}: ${JSON.stringify(value)?.slice(0, 500)}`)
    await sleep(pauseMs)
  }
}

export const PEOPLE = {
  operator: 'operator@buylink.example',
  reseller: 'anna@northwind.example',
} as const

/** A program: an API client with a token. */
export async function programOf(
  origin: string,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<Visitor> {
  const answer = await fetch(`${origin}/api/2/idp/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const at = (place: string): Visitor => {
    const visitor = createVisitor(place)
    const withToken = (headers: Readonly<Record<string, string>> = {}) => ({
      authorization: `Bearer ${token}`,
      ...headers,
    })
    return {
      ...visitor,
      request: (method, path, body, headers) => visitor.request(method, path, body, withToken(headers)),
      call: (method, path, body, headers) => visitor.call(method, path, body, withToken(headers)),
      at,
    }
  }
  return at(origin)
}

/** Signs in one of the demonstration's people by default. */
export async function signIn(origin: string, email: string, password = 'demonstration'): Promise<Visitor> {
  const visitor = createVisitor(origin)
  await visitor.call('POST', '/api/v1/sessions', { email, password })
  return visitor
}

/**
 * Registers someone through the link in the mail, which the operator reads in the outbox, and fills in the rest.
 *
 * @param visitor May have followed a buy-link before.
 */
export async function register(visitor: Visitor, operator: Visitor, email: string): Promise<Session> {
  await visitor.call('POST', '/api/v1/registrations', { email })
  const mail = await mailTo(operator, email)
  const token = /token=([\w-]+)/.exec(mail)?.[1]
  const { session } = await visitor.call<{ session: Session }>('POST', '/api/v1/registrations/confirm', { token })
  await visitor.call('PUT', '/api/v1/account/registration', {
    first_name: 'Ada',
    last_name: 'Moreau',
    customer_type: 'business',
    company_name: 'Moreau & Co',
    country: 'US',
    city: 'Springfield',
    street: '1 Main Street',
    zip: '01101',
    accept_privacy: true,
  })
  return session
}

/** The text of the newest mail to someone, as the operator reads it in the outbox; waits for it. */
export async function mailTo(operator: Visitor, email: string): Promise<string> {
  const find = async () => {
    const { items } = await operator.call<{ items: { id: string; recipient: string }[] }>('GET', '/api/v1/mails')
    return items.find(({ recipient }) => recipient === email)
  }
  const found = await until(find, (mail) => mail !== undefined, { what: `mail to ${email}` })
  const mail = await operator.call<{ body_text: string }>('GET', `/api/v1/mails/${found?.id}`)
  return mail.body_text
}

export const LINKS = {
  monthly:
    '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application',
} as const

/** Names for the requests of one order, so that each can be repeated: `{key}-checkout`, `{key}-place`. */
const keyed = (key: string | undefined, step: string): Record<string, string> =>
  key === undefined ? {} : { 'idempotency-key': `${key}-${step}` }

export const checkOut = (visitor: Visitor, link: string, key?: string): Promise<Checkout> =>
  visitor.call('POST', '/api/v1/checkouts', { link }, keyed(key, 'checkout'))

export const place = (visitor: Visitor, { id, total }: Checkout, key?: string): Promise<PlacedOrder> =>
  visitor.call(
    'POST',
    `/api/v1/checkouts/${id}/place`,
    { expected_total: total, accept_terms: true, allow_second: true },
    keyed(key, 'place'),
  )

export const approve = (staff: Visitor, order: PlacedOrder, key?: string): Promise<Payment> =>
  staff.call('POST', `/api/v1/payments/${order.payment?.id}/approve`, {}, keyed(key, 'approve'))

export const untilCompleted = (visitor: Visitor, { id }: Pick<Order, 'id'>, timeoutMs = 60_000): Promise<Order> =>
  until(
    () => visitor.call<Order>('GET', `/api/v1/orders/${id}`),
    ({ status, subscription }) => status === 'completed' && subscription.status === 'active',
    { what: 'completed order', timeoutMs },
  )
