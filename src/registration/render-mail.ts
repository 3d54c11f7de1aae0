import { DEFAULT_BRAND } from '../branding/index.ts'
import { renderMail } from '../platform/mail/layout.ts'
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

/** A mail of this capability in the store's look, ready for the outbox. */
export function renderStoreMail({ message, language, store, url }: MailRequest): {
  subject: string
  html: string
  text: string
} {
  const brand = store?.brand ?? DEFAULT_BRAND
  const text = mailText(message, language, store?.name ?? brand.serviceName)
  const rendered = renderMail(
    // The layout has a colour of its own for brands without one.
    { name: brand.serviceName, colour: brand.color ?? '' },
    {
      language: text.language,
      preview: text.preview,
      heading: text.title,
      paragraphs: text.paragraphs,
      button: { label: text.action, url },
      linkHint: text.linkHint,
      footer: [text.reason],
    },
  )
  return { subject: text.subject, ...rendered }
}
