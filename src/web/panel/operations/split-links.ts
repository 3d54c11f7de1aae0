export interface TextPart {
  readonly text: string
  /** Null: plain text. */
  readonly href: string | null
}

/** Splits plain text at its http(s) addresses; a full stop or bracket after one is not part of it. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), href: null })
    parts.push({ text: match[0], href: match[0] })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null })
  return parts
}
