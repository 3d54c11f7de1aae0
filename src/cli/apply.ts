import { readFile } from 'node:fs/promises'
import type { ConfigurationChange, ConfigurationPlan } from '../sdk/index.ts'
import { command, UsageError } from './command.ts'
import type { Io } from './io.ts'
import { readLines } from './lines.ts'

/**
 * Applies a reseller's file after showing what it changes. Exit code 0: applied, or nothing to change; with `--plan` too.
 * 1: refused, or the answer was no.
 */
export const apply = command({
  name: 'apply',
  summary: 'Apply a reseller’s configuration file, after showing what it changes',
  args: 'FILE',
  options: {
    plan: { type: 'boolean', help: 'show the changes and apply nothing' },
    'dry-run': { type: 'boolean', help: 'the same' },
    yes: { type: 'boolean', help: 'apply without asking' },
    json: { type: 'boolean', help: 'write the plan as JSON' },
  },
  async run({ plan: planOnly, 'dry-run': dryRun, yes, json }, { io, args, client }) {
    const [path, ...more] = args
    if (path === undefined || more.length > 0) throw new UsageError('Give one file.')
    const file = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    })
    const { configuration } = client('authenticated')
    const plan = await configuration.apply({ file, dryRun: true })
    if (json) io.out(JSON.stringify(plan))
    else for (const line of describe(plan)) io.out(line)
    if (plan.changes.length === 0 || planOnly || dryRun) return 0
    if (!yes && !(await agrees(io, `Apply ${count(plan.changes.length)} to ${plan.reseller}? [y/N] `))) {
      io.err('Nothing was applied.')
      return 1
    }
    await configuration.apply({ file, dryRun: false, expected: plan.digest })
    if (!json) io.out('Applied.')
    return 0
  },
})

function describe({ reseller, is_new, changes }: ConfigurationPlan): string[] {
  if (changes.length === 0) return [`${reseller} is as the file says: nothing to change.`]
  return [`${is_new ? 'New reseller' : 'Changes of'} ${reseller}:`, ...changes.map(line), `${count(changes.length)}.`]
}

function line({ path, from, to }: ConfigurationChange): string {
  if (from === null) return `  + ${path}: ${shown(to)}`
  if (to === null) return `  - ${path}: ${shown(from)}`
  return `  ~ ${path}: ${shown(from)} → ${shown(to)}`
}

const shown = (value: string | null): string => {
  const text = (value ?? '').replaceAll('\n', '↵')
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

const count = (changes: number): string => (changes === 1 ? '1 change' : `${changes} changes`)

async function agrees(io: Io, question: string): Promise<boolean> {
  await io.write(question)
  for await (const [answer] of readLines(io.input)) return typeof answer === 'string' && /^y(es)?$/i.test(answer.trim())
  return false
}
