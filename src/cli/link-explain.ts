import type { Explanation } from '../sdk/index.ts'
import { command, UsageError } from './command.ts'

/** Asks the server what a link will do. Exit code 1 when the link has errors; warnings leave it at 0. */
export const linkExplain = command({
  name: 'link explain',
  summary: 'Ask the server what a link will do, what it costs today and what is wrong with it',
  args: 'URL',
  options: { json: { type: 'boolean', help: 'write the answer as JSON' } },
  async run({ json }, { io, args, client }) {
    const [url, ...more] = args
    if (url === undefined || more.length > 0) throw new UsageError('Give one URL, in quotation marks.')
    const explanation = await client().buyLinks.explain(url)
    for (const line of json ? [JSON.stringify(explanation)] : describe(explanation)) io.out(line)
    return explanation.valid ? 0 : 1
  },
})

function describe(explanation: Explanation): string[] {
  const { valid, product, plan, period, lines, total, tax, topup, steps, attributed, errors, warnings } = explanation
  const facts: [label: string, text: string | undefined][] = [
    ['Product', product?.name],
    ['Plan', plan ? `${plan.name} (${plan.id})` : undefined],
    ['Period', period ? `${length(period)} (${period.id})` : undefined],
    ...lines.map(({ description, quantity, net }): [string, string] => [
      'Line',
      `${quantity} × ${description}: ${money(net)}`,
    ]),
    ['Tax', tax ? money(tax) : undefined],
    ['Total today', total ? money(total) : undefined],
    ['Top-up', topup ? money(topup) : undefined],
    ['Steps', steps.length > 0 ? steps.join(' → ') : undefined],
    [
      'Manager',
      attributed === null ? undefined : attributed ? 'the account will be linked' : 'no account will be linked',
    ],
  ]
  return [
    valid ? 'This link is good.' : 'This link does not work.',
    ...facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(12)} ${text}`])),
    ...errors.flatMap((error) => problemLines('Error', error)),
    ...warnings.flatMap((warning) => problemLines('Warning', warning)),
  ]
}

/** `1 month`, `14 days, trial`, `no end`. */
function length({ duration, trial }: NonNullable<Explanation['period']>): string {
  if (!duration) return 'no end'
  const unit = duration.value === 1 ? duration.unit.slice(0, -1) : duration.unit
  return `${duration.value} ${unit}${trial ? ', trial' : ''}`
}

const money = ({ amount, currency }: { amount: string; currency: string }): string => `${amount} ${currency}`

function problemLines(kind: string, { code, part, message, suggestion }: Explanation['errors'][number]): string[] {
  return [`${kind}: ${message} (${code}, ${part})`, ...(suggestion ? [`  Fix: ${suggestion}`] : [])]
}
