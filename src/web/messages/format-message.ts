/** What a message may be filled with. */
export type MessageValues = Readonly<Record<string, string | number>>

/**
 * Fills a message of the catalogue, in the part of ICU MessageFormat that we use: `{name}`,
 * `{count, plural, =0 {none} one {# day} other {# days}}` and `{kind, select, a {…} other {…}}`, nested as needed.
 * Plural categories are those of `Intl.PluralRules` for `locale`; `#` is the number in the locale's digits.
 *
 * @throws {Error} The message is malformed or a value is missing: our mistake, found by the catalogue's test.
 */
export function formatMessage(message: string, values: MessageValues, locale: string): string {
  let out = ''
  let at = 0
  while (at < message.length) {
    const open = message.indexOf('{', at)
    if (open < 0) return out + message.slice(at)
    const close = matchingBrace(message, open)
    out += message.slice(at, open) + fill(message.slice(open + 1, close), values, locale)
    at = close + 1
  }
  return out
}

function fill(argument: string, values: MessageValues, locale: string): string {
  const [head = '', kind] = argument.split(',', 2).map((part) => part.trim())
  const value = values[head]
  if (value === undefined) throw new Error(`Message value missing: ${head}`)
  if (kind === undefined) return String(value)
  const branches = readBranches(argument.slice(argument.indexOf(',', argument.indexOf(',') + 1) + 1))
  if (kind === 'select') return formatMessage(branches.get(String(value)) ?? branchOther(branches), values, locale)
  const number = Number(value)
  const chosen =
    branches.get(`=${number}`) ?? branches.get(new Intl.PluralRules(locale).select(number)) ?? branchOther(branches)
  return formatMessage(chosen.replaceAll('#', new Intl.NumberFormat(locale).format(number)), values, locale)
}

function branchOther(branches: ReadonlyMap<string, string>): string {
  const other = branches.get('other')
  if (other === undefined) throw new Error('Message without an "other" branch')
  return other
}

function readBranches(text: string): Map<string, string> {
  const branches = new Map<string, string>()
  let at = 0
  for (;;) {
    const open = text.indexOf('{', at)
    if (open < 0) return branches
    const close = matchingBrace(text, open)
    branches.set(text.slice(at, open).trim(), text.slice(open + 1, close))
    at = close + 1
  }
}

function matchingBrace(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  throw new Error(`Unbalanced braces: ${text}`)
}
