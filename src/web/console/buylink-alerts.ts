/**
 * `<buylink-alerts server="https://shop.example" token="…">`: a user's quota alerts in a vendor's own console, from another
 * origin, with one script tag. No framework and nothing imported, so it stays small.
 *
 * Attributes: `server` (origin of the Buylink; by default where this script came from), `token` (a user token that the
 * console's server mints), `page` (the address that links lead back to; by default this page), `editions` (also shows the
 * next higher edition that is offered).
 * Events: `buylink-token` when the token is no longer good: set a new one. `buylink-alerts` with `detail.items` after each change.
 * Looks: `--buylink-font`, `--buylink-ink`, `--buylink-paper`, `--buylink-line`, `--buylink-accent`, `--buylink-accent-ink`,
 * `--buylink-warn`, `--buylink-bad`, `--buylink-radius`. Parts: `list`, `alert`, `button`. Dark where the console's `color-scheme` is.
 */
interface Action {
  readonly kind: 'none' | 'buy_now' | 'contact'
  readonly text?: string
  readonly url?: string | null
  readonly name?: string
  readonly email?: string | null
  readonly phone?: string | null
}

interface Alert {
  readonly id: string
  readonly state: 'almost_reached' | 'reached' | 'exceeded'
  readonly title: string
  readonly measurement_unit: 'bytes' | 'quantity'
  readonly used: string
  readonly value: string
  readonly action: Action
}

interface Edition {
  readonly edition: string
  readonly text: string
  readonly action: Action
}

type Words = Readonly<Record<'label' | 'of' | 'failed', string>>

/** What is not said by the server, which speaks the user's language already. */
const WORDS: Readonly<Record<string, Words>> = {
  en: { label: 'Quota alerts', of: '{used} of {value} in use', failed: 'Quota alerts cannot be shown at the moment.' },
  de: {
    label: 'Kontingent-Warnungen',
    of: '{used} von {value} belegt',
    failed: 'Kontingent-Warnungen können gerade nicht angezeigt werden.',
  },
  fr: {
    label: 'Alertes de quota',
    of: '{used} sur {value} utilisés',
    failed: 'Les alertes de quota ne peuvent pas être affichées pour le moment.',
  },
}

const STYLE = `
:host { display: block; font: 15px/1.45 var(--buylink-font, system-ui, sans-serif); color: var(--buylink-ink, light-dark(#16181d, #f1f3f6)) }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px }
li { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; padding: 12px 16px;
  background: var(--buylink-paper, light-dark(#fff, #22252c)); border: 1px solid var(--buylink-line, light-dark(#d5d9e0, #3a3f49));
  border-inline-start: 4px solid var(--buylink-bad, light-dark(#b3261e, #f2857c)); border-radius: var(--buylink-radius, 6px) }
li[data-state=edition] { border-inline-start-color: var(--buylink-accent, #1f5fbf) }
li[data-state=almost_reached] { border-inline-start-color: var(--buylink-warn, light-dark(#a15c00, #e0a34d)) }
p { margin: 0 } .title { font-weight: 600 } .figures { font-size: 13px; opacity: .85 }
.text { min-width: 14em; flex: 1 1 14em }
a.button { display: inline-block; padding: 8px 16px; border-radius: var(--buylink-radius, 6px); font-weight: 600; text-decoration: none;
  background: var(--buylink-accent, #1f5fbf); color: var(--buylink-accent-ink, #fff) }
a { color: inherit } a:focus-visible { outline: 3px solid var(--buylink-accent, #1f5fbf); outline-offset: 2px }
`
// Not a style element: a console whose policy forbids inline styles would show the alerts bare.
const SHEET = new CSSStyleSheet()
SHEET.replaceSync(STYLE)
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']
const POLL_MS = 15_000
const MAX_WAIT_MS = 60_000
const scriptOrigin = new URL(import.meta.url).origin

class BuylinkAlerts extends HTMLElement {
  static observedAttributes = ['server', 'token', 'page', 'lang', 'editions']
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #box = document.createElement('div')
  #ended = new AbortController()
  #shown = ''

  constructor() {
    super()
    this.#root.adoptedStyleSheets = [SHEET]
    // Polite: an alert is told when the reader pauses, and nobody's work is broken off.
    this.#box.setAttribute('role', 'status')
    this.#root.append(this.#box)
  }

  connectedCallback(): void {
    this.#begin()
  }

  disconnectedCallback(): void {
    this.#ended.abort()
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#begin()
  }

  #words(): Words {
    const language = (this.lang || document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase()
    return WORDS[language] ?? (WORDS['en'] as Words)
  }

  /** Reads now, then after every hint of the stream, and every 15 s where there is no stream. */
  #begin(): void {
    this.#ended.abort()
    const ended = (this.#ended = new AbortController())
    const token = this.getAttribute('token')
    if (!token) return
    void this.#follow(token, ended.signal)
  }

  async #follow(token: string, signal: AbortSignal): Promise<void> {
    for (let waitMs = 1_000; !signal.aborted; waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
      try {
        await this.#read(token, signal)
        await this.#stream(token, signal, () => {
          waitMs = 500
        })
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof Refused) {
          this.dispatchEvent(new CustomEvent('buylink-token', { bubbles: true, composed: true }))
          return
        }
        if (this.#shown === '') this.#say(this.#words().failed)
      }
      await pause(Math.min(waitMs, POLL_MS), signal)
    }
  }

  #fetch(path: string, token: string, signal: AbortSignal): Promise<Response> {
    const server = (this.getAttribute('server') ?? scriptOrigin).replace(/\/+$/, '')
    return fetch(server + path, { headers: { authorization: `Bearer ${token}` }, signal, cache: 'no-store' })
  }

  async #read(token: string, signal: AbortSignal): Promise<void> {
    const page = this.getAttribute('page') ?? location.href
    const editions = this.hasAttribute('editions') ? '&editions=true' : ''
    const path = `/api/v1/alerts?redirect_url=${encodeURIComponent(page)}${editions}`
    const answer = await this.#fetch(path, token, signal)
    if (answer.status === 401 || answer.status === 403) throw new Refused()
    if (!answer.ok) throw new Error(String(answer.status))
    const { items, edition } = (await answer.json()) as { items: readonly Alert[]; edition: Edition | null }
    this.#show(
      items.filter(({ action }) => action.kind !== 'none'),
      edition,
    )
  }

  async #stream(token: string, signal: AbortSignal, isWell: () => void): Promise<void> {
    const answer = await this.#fetch('/api/v1/alerts/stream', token, signal)
    if (answer.status === 401) throw new Refused()
    const reader = answer.ok ? answer.body?.getReader() : undefined
    if (!reader) return
    isWell()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (decoder.decode(value, { stream: true }).includes('event: alerts')) await this.#read(token, signal)
    }
  }

  /** Draws only what is new, so that nothing is told twice; whoever stands on a button of an alert that stays, stays there. */
  #show(items: readonly Alert[], edition: Edition | null): void {
    const said = JSON.stringify([items, edition])
    if (said === this.#shown) return
    this.#shown = said
    const focused = this.#root.activeElement?.closest('li')?.dataset['id']
    const rows = [
      ...items.map((item) => this.#row(item)),
      ...(edition ? [row(edition.edition, 'edition', edition.text, null, edition.action)] : []),
    ]
    if (rows.length === 0) this.#box.replaceChildren()
    else {
      const list = element('ul', { part: 'list', 'aria-label': this.#words().label })
      list.append(...rows)
      this.#box.replaceChildren(list)
      if (focused !== undefined)
        rows
          .find((each) => each.dataset['id'] === focused)
          ?.querySelector('a')
          ?.focus()
    }
    this.dispatchEvent(new CustomEvent('buylink-alerts', { bubbles: true, composed: true, detail: { items } }))
  }

  #row({ id, title, state, action, ...quota }: Alert): HTMLElement {
    const amount = (units: string) => amountText(quota.measurement_unit, Number(units))
    const figures = this.#words().of.replace('{used}', amount(quota.used)).replace('{value}', amount(quota.value))
    return row(id, state, title, figures, action)
  }

  #say(text: string): void {
    this.#box.replaceChildren(element('p', {}, text))
  }
}

class Refused extends Error {}

function row(id: string, state: string, title: string, figures: string | null, action: Action): HTMLElement {
  const made = element('li', { part: 'alert', 'data-state': state, 'data-id': id })
  const text = element('div', { class: 'text' })
  text.append(element('p', { class: 'title' }, title))
  if (figures !== null) text.append(element('p', { class: 'figures' }, figures))
  made.append(text)
  if (action.kind === 'buy_now' && isWeb(action.url)) {
    const label = `${action.text}: ${title}`
    made.append(element('a', { class: 'button', part: 'button', href: action.url, 'aria-label': label }, action.text))
  } else if (action.kind === 'contact') made.append(contact(action))
  return made
}

function contact(action: Action): HTMLElement {
  const box = element('div', { class: 'contact' })
  const first = element('p', {}, `${action.text ?? ''}${action.name ? `: ${action.name}` : ''}`)
  const rest = element('p', { class: 'figures' })
  if (action.email) rest.append(element('a', { href: `mailto:${encodeURIComponent(action.email)}` }, action.email))
  if (action.phone) rest.append(document.createTextNode(`${action.email ? ' · ' : ''}${action.phone}`))
  box.append(first, rest)
  return box
}

const isWeb = (url: string | null | undefined): url is string => /^https?:\/\//i.test(url ?? '')

function element(name: string, attributes: Readonly<Record<string, string>>, text?: string): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (text !== undefined) made.textContent = text
  return made
}

function amountText(unit: Alert['measurement_unit'], amount: number): string {
  let at = 0
  while (unit === 'bytes' && amount >= 1024 && at < UNITS.length - 1) {
    amount /= 1024
    at++
  }
  const text = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 }).format(
    amount,
  )
  return unit === 'bytes' ? `${text} ${UNITS[at]}` : text
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

if (!customElements.get('buylink-alerts')) customElements.define('buylink-alerts', BuylinkAlerts)
