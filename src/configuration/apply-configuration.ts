import { createHash } from 'node:crypto'
import { createSeller } from '../accounts/index.ts'
import { type Difference, differences } from '../kernel/differences.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { wireOf } from '../platform/http/wire.ts'
import { findSellersByName, getTenant, isSeller, type Tenant } from '../tenants/index.ts'
import { readConfiguration } from './read-configuration.ts'
import { Configuration } from './shape.ts'
import { refuse } from './within.ts'
import { writeConfiguration } from './write-configuration.ts'
import { type ReadFile, readYaml, writeYaml } from './yaml-text.ts'

const wire = wireOf(Configuration)

export interface ConfigurationPlan {
  readonly sellerId: TenantId
  readonly reseller: string
  /** The reseller was not there before. */
  readonly isNew: boolean
  readonly changes: readonly Difference[]
  /** Of all changes: what was looked at is what is applied. */
  readonly digest: string
}

/**
 * Applies a reseller's file in one transaction: all of it or nothing. What will change is found by doing it, so that a
 * plan can never say something else than what then happens; `dryRun` takes it back.
 *
 * @param input.expected Digest of a plan; `conflict` where the changes are others by now.
 * @throws {BuylinkError} `unprocessable` with the line of each problem; `not_found`; `conflict`.
 */
export async function applyConfiguration(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  input: { readonly file: string; readonly dryRun: boolean; readonly expected?: string | undefined },
): Promise<ConfigurationPlan> {
  const yaml = readYaml(input.file)
  const file = readShape(yaml)
  let planned: ConfigurationPlan | undefined
  try {
    return await transaction(db, async (tx) => {
      const { tenant, isNew } = await resellerOf(tx, clock, actor, file)
      const before = isNew ? {} : await readConfiguration(tx, tenant)
      await writeConfiguration(tx, clock, actor, tenant, file)
      const after = await readConfiguration(tx, tenant)
      const changes = differences(before, after, ['plans', 'resources', 'order_attributes'])
      const digest = createHash('sha256').update(JSON.stringify(changes)).digest('base64url')
      planned = { sellerId: tenant.id, reseller: tenant.name, isNew, changes, digest }
      if (input.dryRun) throw new TakenBack()
      if (input.expected !== undefined && input.expected !== digest)
        throw new BuylinkError(
          'conflict',
          'Something changed since the plan was made. Look at the new plan and apply again.',
        )
      return planned
    })
  } catch (error) {
    if (error instanceof TakenBack && planned) return planned
    throw withLines(error, yaml)
  }
}

/** Ends the transaction of a dry run. */
class TakenBack extends Error {}

/** A reseller as its file. @throws {BuylinkError} `not_found`. */
export async function exportConfiguration(db: Db | Tx, actor: Principal, sellerId: TenantId): Promise<string> {
  const tenant = await getTenant(db, actor, sellerId)
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return writeYaml(await readConfiguration(db, tenant))
}

function readShape(yaml: ReadFile): Configuration {
  const read = wire.read(yaml.value ?? {})
  if (read.ok) return read.value
  const [first] = read.problems
  const error = new BuylinkError('unprocessable', first?.message ?? 'The file is not valid.', {
    problems: read.problems,
  })
  throw withLines(error, yaml)
}

/** The reseller that a file is about: known by its name, else made below who applies it. */
async function resellerOf(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  { reseller: { name, currency, language, below } }: Configuration,
): Promise<{ readonly tenant: Tenant; readonly isNew: boolean }> {
  const [known, second] = await findSellersByName(tx, actor, name)
  if (second)
    refuse(
      'reseller.name',
      `There are several resellers called ${name} below you. Apply the file as one of their own clients.`,
    )
  if (known) return { tenant: known, isNew: false }
  const [above] =
    below === undefined ? [await getTenant(tx, actor, actor.tenantId)] : await findSellersByName(tx, actor, below)
  if (!above) return refuse('reseller.below', `There is no reseller called ${below} below you.`)
  const tenant = await createSeller(tx, clock, actor, {
    parentId: above.id,
    name,
    currency,
    ...(language !== undefined && { language }),
  })
  return { tenant, isNew: true }
}

/** Adds to each problem the line of the file that it is about. */
function withLines(error: unknown, yaml: ReadFile): unknown {
  if (!(error instanceof BuylinkError) || error.problems.length === 0) return error
  const problems = error.problems.map((problem) => {
    const line = /^line \d/.test(problem.path) ? undefined : yaml.lineOf(problem.path)
    return line === undefined ? problem : { ...problem, message: `Line ${line}: ${problem.message}` }
  })
  return new BuylinkError(error.code, problems[0]?.message ?? error.message, { cause: error, problems })
}
