import { BuylinkError, type Problem } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, isSeller, tenantOf } from '../tenants/index.ts'
import { getProgram } from './program-view.ts'
import type { AppliesTo, Program, ProgramId } from './schema.ts'
import { lockProgram, saveProgram } from './store.ts'

export interface ProgramInput {
  readonly name?: string | undefined
  /** Hundredths of a percent. */
  readonly basisPoints?: number | undefined
  readonly appliesTo?: AppliesTo | undefined
  readonly validFrom?: Date | undefined
  readonly validUntil?: Date | null | undefined
}

/**
 * Opens a referral programme of a reseller. Publishes `referral.program_created`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable` with every problem.
 */
export async function createProgram(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, ...input }: ProgramInput & { readonly sellerId: TenantId },
): Promise<ProgramId> {
  return transaction(db, async (tx) => {
    const seller = await getTenant(tx, actor, sellerId)
    if (!isSeller(seller.kind)) throw new BuylinkError('unprocessable', `A ${seller.kind} has no referral programme.`)
    const at = clock.now()
    const program: Program = {
      id: newId(at.getTime()),
      sellerId: seller.sellerId,
      name: input.name ?? '',
      basisPoints: input.basisPoints ?? 0,
      appliesTo: input.appliesTo ?? 'all',
      validFrom: input.validFrom ?? at,
      validUntil: input.validUntil ?? null,
      version: 1n,
      createdAt: at,
    }
    assertProgram(program)
    await write(tx, program, actor, at, 'create')
    return program.id
  })
}

/**
 * Changes a programme. Orders that are paid already keep the terms they were paid under.
 * Publishes `referral.program_updated`.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable` with every problem.
 */
export async function changeProgram(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { id, ifMatch, ...change }: ProgramInput & { readonly id: ProgramId; readonly ifMatch?: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    await getProgram(tx, actor, id)
    const before = await lockProgram(tx, id)
    if (!before) throw new BuylinkError('not_found', 'There is no such programme.')
    if (ifMatch !== undefined && ifMatch !== before.version)
      throw new BuylinkError('version_mismatch', 'The programme was changed meanwhile. Load it again.')
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const after: Program = { ...before, ...given }
    assertProgram(after)
    await write(tx, after, actor, clock.now(), 'update')
  })
}

function assertProgram(program: Program): void {
  const problems: Problem[] = []
  if (program.name.trim() === '') problems.push({ path: 'name', code: 'required', message: 'Enter a name.' })
  if (program.validUntil !== null && program.validUntil <= program.validFrom)
    problems.push({ path: 'valid_until', code: 'invalid', message: 'The end lies after the beginning.' })
  if (problems.length > 0) throw new BuylinkError('unprocessable', 'Some details are missing or wrong.', { problems })
}

async function write(tx: Tx, program: Program, actor: Principal, at: Date, what: 'create' | 'update'): Promise<void> {
  await saveProgram(tx, program, at)
  const about = {
    sellerId: program.sellerId,
    subject: { kind: 'referral_program', id: program.id },
    tenantId: tenantOf(program.sellerId),
    actor,
    correlationId: actor.correlationId,
    at,
  }
  const details = {
    basis_points: program.basisPoints,
    applies_to: program.appliesTo,
    valid_from: program.validFrom,
    valid_until: program.validUntil,
  }
  await publish(tx, { ...about, type: `referral.program_${what}d`, payload: details })
  await audit(tx, { ...about, action: `referral_program.${what}`, details })
}
