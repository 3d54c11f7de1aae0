/** A line of text, or why it is none. */
export type Line = string | { readonly problem: string }

/** Longest line kept in memory while its end is awaited; a link is refused at an eighth of that. */
const MAX_LINE_BYTES = 65_536
const LINE_FEED = 0x0a

/**
 * Splits bytes into lines, ended by a line feed or by carriage return and line feed; the last may lack its end. An empty
 * line is a line, so that line n of the answer is about line n of the input. A byte order mark before the first line is
 * dropped. Lines come in batches, as they arrive, and memory does not grow with the input.
 */
export async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let rest: Uint8Array[] = []
  let restBytes = 0
  let isFirst = true
  const take = (bytes: Uint8Array): Line[] => {
    const whole = restBytes > MAX_LINE_BYTES ? null : Buffer.concat([...rest, bytes])
    const lines = whole ? decodeLines(whole) : [TOO_LONG, ...decodeLines(bytes).slice(1)]
    rest = []
    restBytes = 0
    if (isFirst && typeof lines[0] === 'string') lines[0] = lines[0].replace(/^\uFEFF/, '')
    isFirst = false
    return lines
  }
  for await (const chunk of input) {
    const end = chunk.lastIndexOf(LINE_FEED)
    if (end >= 0) yield take(chunk.subarray(0, end))
    const tail = chunk.subarray(end + 1)
    if (tail.length === 0) continue
    restBytes += tail.length
    if (restBytes <= MAX_LINE_BYTES) rest.push(tail)
    else rest = []
  }
  if (restBytes > 0) yield take(new Uint8Array())
}

const TOO_LONG: Line = { problem: `The line is longer than ${MAX_LINE_BYTES} bytes.` }
const NOT_UTF8: Line = { problem: 'The line is not valid UTF-8.' }
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Lines without their ends. All at once when the text is good; one by one, to find the bad ones, when it is not. */
function decodeLines(bytes: Uint8Array): Line[] {
  try {
    return decoder.decode(bytes).split('\n').map(withoutReturn)
  } catch {
    const lines: Line[] = []
    for (let start = 0, end = 0; start <= bytes.length; start = end + 1) {
      end = bytes.indexOf(LINE_FEED, start)
      if (end < 0) end = bytes.length
      lines.push(decodeLine(bytes.subarray(start, end)))
    }
    return lines
  }
}

function decodeLine(bytes: Uint8Array): Line {
  try {
    return withoutReturn(decoder.decode(bytes))
  } catch {
    return NOT_UTF8
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)
