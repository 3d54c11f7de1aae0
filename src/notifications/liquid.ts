import { Liquid, LiquidError, ParseError } from 'liquidjs'
import { boundFilters } from './liquid-filters.ts'

/** What a template may cost. A notification is a page of text; what needs more is a mistake or an attack. */
const LIMITS = { parseLimit: 50_000, renderLimit: 100, memoryLimit: 200_000 } as const
const TOOK_TOO_LONG = /render limit exceeded/
const MAX_RESULT_LENGTH = 100_000

/** What is wrong with a template, in words for who wrote it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  /** It costs more than it may. */
  get isCostly(): boolean {
    return /limit exceeded|too long$/.test(this.message)
  }
}

/**
 * A value that goes into a text keeps out of its markup: line breaks and the signs that mean something there become
 * private characters until the text is taken apart (`markup.ts`).
 */
const GUARDED = '\n|[]()#'
const FIRST_PRIVATE = 0xe000
const guard = (value: unknown): string =>
  String(value ?? '')
    .replace(/[\u{e000}-\u{e0ff}]/gu, '')
    .replace(/[|[\]()#]/g, (sign) => String.fromCharCode(FIRST_PRIVATE + GUARDED.indexOf(sign)))
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** The signs that `guard` hid, back again. */
export const unguard = (text: string): string =>
  text.replace(/[\u{e000}-\u{e0ff}]/gu, (sign) => GUARDED[sign.charCodeAt(0) - FIRST_PRIVATE] ?? '')

function createEngine(outputEscape?: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    ...LIMITS,
    // No file is ever read: `include`, `render` and `layout` find nothing.
    templates: {},
    relativeReference: false,
    ownPropertyOnly: true,
    strictFilters: true,
    cache: false,
    ...(outputEscape && { outputEscape }),
  })
  boundFilters(engine)
  // As built in it would let a value past the guard.
  engine.registerFilter('raw', (value: unknown) => value)
  return engine
}

const texts = createEngine(guard)
const plain = createEngine()

/** What templates can use. */
export const filterNames = (): readonly string[] => Object.keys(texts.filters)

export type Variables = Readonly<Record<string, unknown>>

/** Renders a text. @throws {TemplateError} It is no Liquid, or costs too much. */
export const renderText = (template: string, variables: Variables): string => render(texts, template, variables)

/** Renders JSON: write values with the filter `json`. @throws {TemplateError} Likewise, or the result is no JSON. */
export function renderJson(template: string, variables: Variables): unknown {
  const text = render(plain, template, variables)
  try {
    return JSON.parse(text)
  } catch {
    throw new TemplateError('The result is not JSON: write values as {{ value | json }}')
  }
}

/** Whether a condition holds, as in `{% if … %}`; an empty one always does. @throws {TemplateError} It is none. */
export function holds(condition: string, variables: Variables): boolean {
  if (condition.trim() === '') return true
  if (/[%{}]/.test(condition))
    throw new TemplateError('A condition is what stands inside {% if … %}, without the braces')
  return render(plain, `{% if ${condition} %}yes{% endif %}`, variables) === 'yes'
}

/** On a busy machine time passes without work: a text that was kept waiting is begun again. */
const MAX_TRIES = 20

function render(engine: Liquid, template: string, variables: Variables, tries = 1): string {
  const before = process.threadCpuUsage()
  try {
    const text: unknown = engine.parseAndRenderSync(template, variables)
    if (typeof text !== 'string') throw new TemplateError('The template gives no text')
    if (text.length > MAX_RESULT_LENGTH) throw new TemplateError('The result is too long')
    return text
  } catch (error) {
    const { user, system } = process.threadCpuUsage(before)
    const workedMs = (user + system) / 1000
    const wasKeptWaiting = workedMs < LIMITS.renderLimit / 2 && TOOK_TOO_LONG.test(String(error))
    if (wasKeptWaiting && tries < MAX_TRIES) return render(engine, template, variables, tries + 1)
    throw asTemplateError(error)
  }
}

function asTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error
  const [message = 'It cannot be rendered'] = (error instanceof Error ? error.message : String(error)).split('\n')
  // There are no files to include; the engine's words for that are those of a file system.
  if (message.includes('ENOENT')) return new TemplateError('A template cannot include another one', { cause: error })
  const isOurs = LiquidError.is(error) || ParseError.is(error)
  return new TemplateError(isOurs ? message.replace(/^Error: /, '') : message, { cause: error })
}
