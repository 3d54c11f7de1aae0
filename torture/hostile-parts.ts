import { deflateSync } from 'node:zlib'
import { chunk, png, PNG_SIGNATURE } from '../test/harness/png.ts'
import type { Visitor } from '../test/harness/visitor.ts'
import { toCsv } from '../src/kernel/csv.ts'
import { ELSEWHERE, hostileText } from './hostile-values.ts'
import { leakOf } from './leaks.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** Who tries, and where. */
export interface Attack {
  readonly tally: Tally
  readonly program: Visitor
  /** The header of the same. */
  readonly authorization: string
  readonly northwindId: string
  readonly origin: string
}

/** Nothing that somebody sends may keep the server busy for longer. */
const LONG_MS = 5_000

const TEMPLATES: readonly string[] = [
  '{% for a in (1..99999999) %}x{% endfor %}',
  '{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}',
  `${'{% if true %}'.repeat(5_000)}x`,
  '{{ "x" | prepend: "x" | times: 1e308 }}',
  `{% assign a = "xxxxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`,
  '{% include "/etc/passwd" %}{% render "../../package.json" %}{% layout "x" %}',
  '{{ account.constructor.constructor }}{{ "a".__proto__ }}{{ account.__proto__.polluted }}',
  '{{ process.env.BUYLINK_SECRET }}{{ global }}{{ this }}{{ require }}',
  '{% raw %}{{{% endraw %}{{ "<script>alert(1)</script>" | raw }}',
  '{{ "aaaaaaaaaaaaaaaaaaaaaaaa!" | split: "" | join: "" | replace: "a", "aaaaaaaaaaaaaaaaaaaaaaaa" | replace: "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }}',
  '{%',
  '{{ x | nosuchfilter }}',
  '{% tablerow i in (1..100000) cols:100000 %}x{% endtablerow %}',
  '{{ "now" | date: "%1000000000Y" }}',
  '[click](javascript:alert(1)) ![x](x" onerror="alert(1)) <script>alert(1)</script>',
]

export async function sendTemplates({ tally, program }: Attack): Promise<void> {
  for (const template of TEMPLATES)
    for (const [channel, condition] of [
      ['email', ''],
      ['panel', template.replaceAll(/[{}%]/g, '')],
      ['webhook', ''],
    ] as const) {
      const started = performance.now()
      const answer = await program.request<{ html?: string }>('POST', '/api/v1/event-handler-previews', {
        event_type: 'order.completed',
        channel,
        condition: condition.slice(0, 500),
        templates: { en: { subject: template.slice(0, 900), body: template.slice(0, 49_000) } },
      })
      const tookMs = performance.now() - started
      const about = `template ${template.slice(0, 60)}`
      if (answer.status >= 500) tally.problem('wrong', `${about} answers ${answer.status}`)
      if (tookMs > LONG_MS) tally.problem('wrong', `${about} takes ${Math.round(tookMs)} ms`)
      if (JSON.stringify(answer.body).length > 500_000) tally.problem('wrong', `${about} grows without bound`)
      if (/<script|<[^>]*\sonerror=|href="javascript/i.test(answer.body.html ?? ''))
        tally.problem('leaked', `${about} brings script into a mail`)
      const leak = leakOf(answer, [process.env['BUYLINK_SECRET'] ?? '\0'], template)
      if (leak !== undefined) tally.problem('leaked', `${about}: ${leak}`)
      tally.count('templates')
    }
}

const header = (width: number, height: number): Buffer => {
  const data = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  return chunk('IHDR', data)
}

/** By name: what comes as a logo and is none, or is more than one. */
const pictures = (): Readonly<Record<string, Buffer>> => ({
  'an empty file': Buffer.alloc(0),
  'SVG with script': Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
  ),
  HTML: Buffer.from('<!doctype html><script>alert(1)</script>'),
  GIF: Buffer.from('GIF89a/*', 'latin1'),
  'a PNG cut off': png(20, 20).subarray(0, 60),
  'a PNG of a billion pixels': Buffer.concat([
    PNG_SIGNATURE,
    header(65_535, 65_535),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]),
  'a PNG that inflates to 100 MB': Buffer.concat([
    PNG_SIGNATURE,
    header(2_048, 2_048),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]),
  'a PNG with a page after its end': Buffer.concat([png(20, 20), Buffer.from('<script>alert(1)</script>')]),
  'a PNG with text that is script': Buffer.concat([
    PNG_SIGNATURE,
    header(1, 1),
    chunk('tEXt', Buffer.from('Comment\0<script>alert(1)</script>')),
    chunk('IDAT', deflateSync(Buffer.alloc(4))),
    chunk('IEND', Buffer.alloc(0)),
  ]),
  'megabytes of noise': Buffer.alloc(4_000_000, 7),
})

export async function sendPictures({ tally, authorization, northwindId, origin }: Attack): Promise<void> {
  for (const [name, picture] of Object.entries(pictures())) {
    // Of what is too large a server may hang up while it is being sent.
    const put = await fetch(`${origin}/api/v1/brands/${northwindId}/logo`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'image/png' },
      body: new Uint8Array(picture),
    }).catch(() => new Response(null, { status: 413 }))
    if (put.status >= 500) tally.problem('wrong', `${name} as a logo answers ${put.status}`)
    const got = await fetch(`${origin}/api/v1/brands/${northwindId}/logo`, { headers: { authorization } })
    const kept = Buffer.from(await got.arrayBuffer())
    if (kept.includes('<script')) tally.problem('leaked', `${name}: its script is served`)
    if (got.ok && !(got.headers.get('content-type') ?? '').startsWith('image/png'))
      tally.problem('wrong', `${name} is served as ${got.headers.get('content-type')}`)
    if (got.ok && got.headers.get('x-content-type-options') !== 'nosniff')
      tally.problem('wrong', 'a logo may be sniffed')
    tally.count('pictures')
  }
}

/** Every place that leads on by an address somebody else can write: it leads nowhere but home. */
export async function tryRedirects({ tally, origin }: Attack): Promise<void> {
  const ways = (target: string): string[] => {
    const to = encodeURIComponent(target)
    return [
      `/upgrade?origin=x&redirect_url=${to}`,
      `/external_dispatcher/settle?redirect_url=${to}&return_to=${to}&shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application&ga=${to}&manager_key=${to}`,
      `/?next=${to}&return_to=${to}&redirect=${to}`,
      `/${target.replace(/^\/*/, '/')}`,
      `/product/backup?manager_key=${to}&lang=${to}&period=${to}`,
    ]
  }
  for (const target of ELSEWHERE)
    for (const way of ways(target)) {
      const answer = await fetch(origin + way, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0' } }).catch(
        () => undefined,
      )
      tally.count('redirects')
      if (!answer) continue
      if (answer.status >= 500) tally.problem('wrong', `GET ${way} answers ${answer.status}`)
      const location = answer.headers.get('location')
      if (location !== null && new URL(location, origin).origin !== new URL(origin).origin)
        tally.problem('leaked', `GET ${way} leads to ${location}`)
    }
}

/** Texts that a spreadsheet would run come out of a table as texts, whatever stands in them. */
export function writeTables(tally: Tally, random: Random, count: number): void {
  for (let number = 0; number < count; number++) {
    const text = random.pick(['=', '+', '-', '@', '\t', '\r', '"', ',', '\n']) + hostileText(random).slice(0, 80)
    const [, line = ''] = toCsv([['head'], [text, 1]]).split(/\r\n/)
    if (/^"?[=+@\t\r]/.test(line) || /^"?-(?!\d+(\.\d+)?(,|"))/.test(line))
      tally.problem('leaked', `a spreadsheet runs ${JSON.stringify(line)}`)
  }
  tally.count('table_cells', count)
}
