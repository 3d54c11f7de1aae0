import type { Random } from './random.ts'

/** What a browser would run, were it ever taken for markup: it opens a dialog, which the visit of the pages waits for. */
export const MARKUP: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `'-alert(1)-'`,
  '</title></textarea></script><script>alert(1)</script>',
  '<svg onload=alert(1)>',
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '{{constructor.constructor("alert(1)")()}}',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '![x](x" onerror="alert(1))',
  '<!--><script>alert(1)</script>-->',
]

const INJECTIONS: readonly string[] = [
  ...MARKUP,
  `'; drop table orders; --`,
  `' or 1=1 --`,
  `1; select pg_sleep(20)`,
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '${7*7}',
  '{{7*7}}',
  '{% include "/etc/passwd" %}',
  '$(sleep 20)',
  'a\r\nset-cookie: stolen=1',
  '=HYPERLINK("http://evil.example","x")',
  '%00',
  '__proto__',
]

const UNICODE: readonly string[] = [
  '\0',
  '\ud800',
  'a\u0000b',
  '\u202egnp.exe',
  'e\u0301'.repeat(50),
  '👩‍👩‍👧‍👦'.repeat(20),
  '\ufeff',
  'ﷺ'.repeat(100),
  'İstanbul',
  '\u2028\u2029',
  '𝟙𝟚𝟛',
]

const NUMBERS: readonly unknown[] = [
  0,
  -0,
  -1,
  1.5,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  -(2 ** 63),
  2 ** 31,
  'NaN',
  'Infinity',
  '1e5',
  '0x10',
  '９',
  '1,000.00',
  '-0.00',
  '99999999999999999999999999999999',
]

const TYPES: readonly unknown[] = [null, true, '', [], {}, [[]], { length: 1e9 }, { toString: 'x' }, ['a', 1, null]]

/** JSON so deep that a careless reader runs out of stack. */
const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

/** One value that nobody expects. `huge` ones are rare: they cost the sender as much as the server. */
export function hostileValue(random: Random): unknown {
  const kind = random.below(100)
  if (kind < 40) return random.pick(INJECTIONS)
  if (kind < 55) return random.pick(UNICODE)
  if (kind < 70) return random.pick(NUMBERS)
  if (kind < 92) return random.pick(TYPES)
  if (kind < 97) return 'x'.repeat(10 ** (2 + random.below(4)))
  return deep(10 ** (1 + random.below(3)))
}

/** The same as text, for addresses and headers. */
export function hostileText(random: Random): string {
  const value = hostileValue(random)
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 6_000)
}

/** Where a redirect must never lead: everything here is somebody else's place for one browser or another. */
export const ELSEWHERE: readonly string[] = [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'http:///evil.example',
  '/\t/evil.example',
  '/%09/evil.example',
  'https://localhost@evil.example/',
  'https://evil.example\\@localhost/',
  'https://localhost.evil.example/',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '/client/../../\\evil.example',
  '/.evil.example',
  '////evil.example/%2f..',
  'https://evil。example/',
]
