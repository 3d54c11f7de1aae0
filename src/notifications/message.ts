import { renderMail } from '../platform/mail/layout.ts'
import { renderJson, renderText, TemplateError, type Variables } from './liquid.ts'
import { oneLine, type Parts, parseBody } from './markup.ts'
import type { Reader } from './recipients-view.ts'
import { chooseLanguage } from './rules.ts'
import type { Template, Templates } from './schema.ts'

export interface Look {
  /** Of the brand. */
  readonly name: string
  /** `#rrggbb`, or '' for the layout's own. */
  readonly colour: string
}

/** @throws {TemplateError} There is no text at all. */
export function templateFor(templates: Templates, language: string): { language: string; template: Template } {
  const chosen = chooseLanguage(Object.keys(templates), language)
  const template = chosen === undefined ? undefined : templates[chosen]
  if (chosen === undefined || !template) throw new TemplateError('The handler has no text')
  return { language: chosen, template }
}

/** Why a mail came, and how to have no more of them. */
function reasonFor(why: Reader['why'], look: Look, accountName: string): string {
  if (why === 'manager')
    return `You get this because ${accountName || 'the account'} is credited to you at ${look.name}.`
  if (why === 'customer')
    return `You get this because you administer ${accountName || 'an account'} at ${look.name}. Someone else should get it? Change the users of your account.`
  return `You get this because you help to run ${look.name}. Change or switch off this mail in the portal, under Event handlers.`
}

/** A mail in the brand's look, HTML and text saying the same. @throws {TemplateError} */
export function renderMessage(
  template: Template,
  variables: Variables,
  reader: Pick<Reader, 'why' | 'name' | 'email'> & { readonly language: string },
  look: Look,
): { subject: string; html: string; text: string; parts: Parts } {
  const all = { ...variables, reader: { name: reader.name, email: reader.email } }
  const subject = oneLine(renderText(template.subject, all))
  if (subject === '') throw new TemplateError('The subject is empty')
  const parts = parseBody(renderText(template.body, all))
  const account = variables['account'] as { readonly name?: string } | undefined
  const { html, text } = renderMail(look, {
    language: reader.language,
    preview: parts.paragraphs[0] ?? subject,
    heading: parts.heading ?? subject,
    paragraphs: parts.paragraphs,
    facts: parts.facts,
    ...(parts.button && { button: parts.button, linkHint: 'If the button does not work, open this address:' }),
    footer: [reasonFor(reader.why, look, account?.name ?? '')],
  })
  return { subject, html, text, parts }
}

/** A notice of the panel: title, text and a way on. @throws {TemplateError} */
export function renderNotice(
  template: Template,
  variables: Variables,
): { title: string; body: string; url: string | null; parts: Parts } {
  const title = oneLine(renderText(template.subject, variables))
  if (title === '') throw new TemplateError('The title is empty')
  const parts = parseBody(renderText(template.body, variables))
  const facts = parts.facts.map(({ label, value }) => `${label}: ${value}`)
  const body = [...parts.paragraphs, ...facts].join('\n').slice(0, 2_000)
  return { title, body, url: parts.button?.url ?? null, parts }
}

/** `data` of a webhook as the template writes it; without one, as the event has it. @throws {TemplateError} */
export function renderData(template: Template | undefined, variables: Variables, payload: unknown): unknown {
  return template === undefined || template.body.trim() === '' ? payload : renderJson(template.body, variables)
}
