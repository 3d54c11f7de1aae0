import { canonicalOrigin, QUOTA_TOKENS, type UpsellLink, UPSELL_ORIGINS, upsellLink } from '../link/index.ts'
import { command } from './command.ts'
import { type Line, readLines } from './lines.ts'

type Given = UpsellLink & { readonly buy_url: string | null }
type Answer = { readonly link: string | null } | { readonly error: 'invalid'; readonly message: string }

/**
 * Writes upsell links, a line for each line and in the same order. Exit code 1 when a line could not be understood: it is
 * answered with an error, and the others with their links.
 */
export const upsellLinkCommand = command({
  name: 'upsell link',
  summary: 'Read the parts of upsell links, one JSON object a line, from standard input; write the links, one a line',
  options: {},
  async run(_, { io }) {
    let isGood = true
    for await (const lines of readLines(io.input)) {
      const answers = lines.map(answerTo)
      isGood &&= answers.every((answer) => 'link' in answer)
      await io.write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
    }
    return isGood ? 0 : 1
  },
})

function answerTo(line: Line): Answer {
  const given = typeof line === 'string' ? read(line) : line
  return 'problem' in given ? { error: 'invalid', message: given.problem } : { link: upsellLink(given.buy_url, given) }
}

const FIELDS = ['buy_url', 'origin', 'user_quotas', 'tenant_quotas', 'user_account_id', 'tenant_id', 'redirect_url']

function read(line: string): Given | { readonly problem: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { problem: 'The line is not JSON.' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'The line is not a JSON object.' }
  const fields: Readonly<Record<string, unknown>> = { ...value }
  // `link` is what the line of a test expects.
  const stranger = Object.keys(fields).find((name) => name !== 'link' && !FIELDS.includes(name))
  if (stranger !== undefined) return { problem: `There is no field “${stranger}”. The fields: ${FIELDS.join(', ')}.` }
  const problems: string[] = []
  const check = <Value>(
    name: string,
    is: (given: unknown) => given is Value,
    form: string,
    fallback?: Value,
  ): Value => {
    const part = name in fields ? fields[name] : fallback
    if (!is(part)) problems.push(`${name} must be ${form}.`)
    return part as Value // Not used when it is not: the problem is what is answered.
  }
  const given: Given = {
    buy_url: check('buy_url', isTextOrNull, 'text or null', null),
    origin: check('origin', isOrigin, `one of ${UPSELL_ORIGINS.join(', ')}`),
    user_quotas: check('user_quotas', isTokens, `a list of ${QUOTA_TOKENS.join(', ')}`, []),
    tenant_quotas: check('tenant_quotas', isTokens, `a list of ${QUOTA_TOKENS.join(', ')}`, []),
    user_account_id: check('user_account_id', isId, 'a whole number above 0'),
    tenant_id: check('tenant_id', isId, 'a whole number above 0'),
    redirect_url: check('redirect_url', isTextOrNull, 'text or null', null),
  }
  return problems.length > 0 ? { problem: problems.join(' ') } : given
}

const isTextOrNull = (value: unknown): value is string | null =>
  value === null || (typeof value === 'string' && value.isWellFormed())

const isOrigin = (value: unknown): value is string => typeof value === 'string' && canonicalOrigin(value) === value

const isTokens = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((token) => typeof token === 'string' && /^[a-z0-9_]{1,64}$/.test(token))

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0
