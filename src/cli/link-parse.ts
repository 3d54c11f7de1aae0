import { parse } from '../link/index.ts'
import { command } from './command.ts'
import { type Line, readLines } from './lines.ts'

/**
 * Reads links, one a line, and answers with one JSON object a line, in the same order: line n answers line n. A bad link
 * is an answer, not a failure, so the exit code is 0. An empty line is a link without items. A line end is a line feed,
 * or a carriage return and a line feed.
 */
export const linkParse = command({
  name: 'link parse',
  summary: 'Read links, one a line, from standard input (or given as URLs); write one JSON object a line',
  args: '[URL…]',
  options: {},
  async run(_, { io, args }) {
    if (args.length > 0) {
      for (const url of args) io.out(answer(url))
      return 0
    }
    for await (const lines of readLines(io.input)) await io.write(`${lines.map(answer).join('\n')}\n`)
    return 0
  },
})

function answer(line: Line): string {
  if (typeof line !== 'string') return JSON.stringify({ error: 'malformed', message: line.problem })
  const parsed = parse(line)
  if ('error' in parsed) return JSON.stringify({ error: parsed.error, message: parsed.message })
  const { params, link, errors, warnings } = parsed
  return JSON.stringify({ params, link, errors, warnings })
}
