import { DEFAULT_BRAND } from '../branding/index.ts'
import type { StoreEntry } from '../stores/index.ts'
import { type MailMessage, mailText } from './mail-messages.ts'

export interface MailRequest {
  readonly message: MailMessage
  readonly language: string
  /** Whose look and name it has; undefined: a seller without a store. */
  readonly store: StoreEntry | undefined
  /** Behind the one button. */
  readonly url: string
}

/** A mail of this capability, ready for the outbox. */
export function renderMail({ message, language, store, url }: MailRequest): {
  subject: string
  html: string
  text: string
} {
  const brand = store?.brand ?? DEFAULT_BRAND
  const { subject, title, paragraphs, action, reason } = mailText(message, language, store?.name ?? brand.serviceName)
  const text = [title, ...paragraphs, `${action}:\n${url}`, reason].join('\n\n')
  const html = `<h1>${escape(title)}</h1>${paragraphs.map((line) => `<p>${escape(line)}</p>`).join('')}<p><a href="${escape(url)}">${escape(action)}</a></p><p>${escape(reason)}</p>`
  return { subject, html, text }
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
