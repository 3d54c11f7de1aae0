/** What a mail says, in texts of its reader's language. Plain text: all of it is escaped. */
export interface MailText {
  readonly language: string
  /** Shown beside the subject in lists of mails. */
  readonly preview: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** Facts in two columns: what and how much. */
  readonly facts?: readonly { readonly label: string; readonly value: string }[]
  readonly button?: { readonly label: string; readonly url: string }
  /** For whom the button does not work: "Or open this address:". */
  readonly linkHint?: string
  /** Why this mail came, and how to have no more of them. */
  readonly footer: readonly string[]
  /** Under it: where to have no more of them. */
  readonly footerLink?: { readonly label: string; readonly url: string }
}

export interface MailBrand {
  readonly name: string
  /** `#rrggbb`. */
  readonly colour: string
}

export interface RenderedMail {
  readonly html: string
  readonly text: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

const FALLBACK_COLOUR = '#1f5fbf'
const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)

/** White or black, whichever stands out more on the colour (WCAG 2.2 relative luminance). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000'
}

/**
 * The one layout of all mails: tables for Outlook, a dark look where the reader's program asks for one, one button, and
 * a text part that says the same.
 *
 * @throws {RangeError} The button's address is not http(s): our mistake.
 */
export function renderMail(brand: MailBrand, mail: MailText): RenderedMail {
  if (mail.button && !/^https?:\/\//.test(mail.button.url)) throw new RangeError('A mail links to http(s) only')
  return { html: htmlOf(brand, mail), text: textOf(brand, mail) }
}

const FONT = `font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`

function htmlOf(brand: MailBrand, mail: MailText): string {
  const colour = isColour(brand.colour) ? brand.colour : FALLBACK_COLOUR
  const body = [
    `<h1 class="ink" style="${FONT};font-size:22px;line-height:28px;margin:0 0 16px;color:#16181d">${escape(mail.heading)}</h1>`,
    ...mail.paragraphs.map(
      (text) =>
        `<p class="ink" style="${FONT};font-size:16px;line-height:24px;margin:0 0 16px;color:#16181d">${escape(text)}</p>`,
    ),
    factsHtml(mail.facts ?? []),
    buttonHtml(mail, colour),
  ].join('\n')
  const footer = mail.footer
    .map(
      (text) =>
        `<p class="quiet" style="${FONT};font-size:13px;line-height:20px;margin:0 0 8px;color:#5b6270">${escape(text)}</p>`,
    )
    .concat(
      mail.footerLink
        ? `<p style="${FONT};font-size:13px;line-height:20px;margin:0 0 8px"><a class="quiet" href="${escape(mail.footerLink.url)}" style="color:#5b6270">${escape(mail.footerLink.label)}</a></p>`
        : [],
    )
    .join('\n')
  return `<!doctype html>
<html lang="${escape(mail.language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(mail.heading)}</title>
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #16181d !important }
  .card { background: #22252c !important }
  .ink { color: #f1f3f6 !important }
  .quiet { color: #aab1bd !important }
}
</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f4f7">
<div style="display:none;max-height:0;overflow:hidden">${escape(mail.preview)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px">
<tr><td class="ink" style="${FONT};font-size:18px;font-weight:600;padding:0 4px 16px;color:#16181d">${escape(brand.name)}</td></tr>
<tr><td class="card" style="background:#ffffff;border-top:4px solid ${colour};border-radius:6px;padding:28px 28px 12px">
${body}
</td></tr>
<tr><td style="padding:16px 4px 0">
${footer}
</td></tr></table>
</td></tr></table>
</body></html>`
}

function factsHtml(facts: NonNullable<MailText['facts']>): string {
  if (facts.length === 0) return ''
  const cell = `${FONT};font-size:16px;line-height:24px;padding:2px 0;color:#16181d`
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><td class="quiet" style="${cell};padding-right:16px">${escape(label)}</td><td class="ink" align="right" style="${cell}">${escape(value)}</td></tr>`,
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join('')}</table>`
}

function buttonHtml({ button, linkHint }: MailText, colour: string): string {
  if (!button) return ''
  const url = escape(button.url)
  const hint = linkHint
    ? `<p class="quiet" style="${FONT};font-size:13px;line-height:20px;margin:0 0 16px;color:#5b6270;word-break:break-all">${escape(linkHint)} <a class="quiet" href="${url}" style="color:#5b6270">${url}</a></p>`
    : ''
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px"><tr>
<td bgcolor="${colour}" style="border-radius:6px"><a href="${url}" style="${FONT};display:inline-block;font-size:16px;font-weight:600;line-height:24px;padding:12px 24px;color:${inkOn(colour)};text-decoration:none">${escape(button.label)}</a></td>
</tr></table>${hint}`
}

function textOf(brand: MailBrand, mail: MailText): string {
  const parts = [
    brand.name,
    mail.heading,
    ...mail.paragraphs,
    ...(mail.facts?.length ? [mail.facts.map(({ label, value }) => `${label}: ${value}`).join('\n')] : []),
    ...(mail.button ? [`${mail.button.label}:\n${mail.button.url}`] : []),
    ['-- ', ...mail.footer, ...(mail.footerLink ? [`${mail.footerLink.label}: ${mail.footerLink.url}`] : [])].join(
      '\n',
    ),
  ]
  return `${parts.join('\n\n')}\n`
}
