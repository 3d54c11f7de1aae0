import { unguard } from './liquid.ts'

/** A body taken apart; plain text throughout. */
export interface Parts {
  readonly heading: string | null
  readonly paragraphs: readonly string[]
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly button: { readonly label: string; readonly url: string } | null
}

const BUTTON = /^\[([^\]]+)\]\((\S+)\)$/
const FACT = /^\|([^|]*)\|([^|]*)\|?$/

/**
 * Takes a rendered body apart, so that mails, notices and text parts say the same: `# heading`, paragraphs between empty
 * lines, rows of facts as `| Order | O-17 |`, one button as `[Pay](https://…)` on a line of its own. Whatever else looks
 * like markup is text.
 */
export function parseBody(rendered: string): Parts {
  let heading: string | null = null
  let button: Parts['button'] = null
  const facts: { label: string; value: string }[] = []
  const paragraphs: string[] = []
  let lines: string[] = []
  const endParagraph = () => {
    const text = clean(lines.join(' '))
    if (text !== '') paragraphs.push(text)
    lines = []
  }
  for (const raw of rendered.split(/\r?\n/)) {
    const line = raw.trim()
    const [, label, url] = BUTTON.exec(line) ?? []
    const [, name, value] = FACT.exec(line) ?? []
    const isButton = label !== undefined && url !== undefined && isWebAddress(unguard(url)) && button === null
    if (line === '') endParagraph()
    else if (heading === null && line.startsWith('# ')) heading = clean(line.slice(2))
    else if (isButton) {
      endParagraph()
      button = { label: clean(label), url: new URL(unguard(url)).href }
    } else if (name !== undefined && value !== undefined) {
      endParagraph()
      if (clean(value) !== '') facts.push({ label: clean(name), value: clean(value) })
    } else lines.push(line)
  }
  endParagraph()
  return { heading, paragraphs, facts, button }
}

const clean = (text: string): string => unguard(text).replace(/\s+/g, ' ').trim()

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** A subject, or a notice's title: one line. */
export const oneLine = (rendered: string): string => clean(rendered).slice(0, 300)
