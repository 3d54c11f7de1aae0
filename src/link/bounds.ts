/** Our bounds on a query: bytes of UTF-8, pairs, levels of nesting (spec/buy-links.md "Reading it"; our choice). */
export const BOUNDS = { bytes: 8192, pairs: 100, depth: 8 } as const

/** Says what forbids reading a query at all: its size, or text that is no Unicode; null when nothing does. */
export function sizeProblem(query: string): string | null {
  // A UTF-16 unit is one to three bytes of UTF-8, so most queries need no count.
  if (query.length > BOUNDS.bytes || (query.length * 3 > BOUNDS.bytes && utf8Bytes(query) > BOUNDS.bytes))
    return `The link is longer than ${BOUNDS.bytes} bytes.`
  if (!query.isWellFormed()) return 'The link holds text that is not valid Unicode.'
  return null
}

function utf8Bytes(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Each half of a surrogate pair stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return bytes
}
