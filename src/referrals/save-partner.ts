import { createManager } from '../attribution/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { newToken, sha256 } from '../platform/auth/tokens.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { getPartner, getProgram } from './program-view.ts'
import type { AppliesTo, Partner, ProgramId } from './schema.ts'
import { lockPartner, savePartner, setReportToken } from './store.ts'

/** What is null is the programme's; what is absent stays as it is. */
export interface PartnerTerms {
  readonly programId?: ProgramId | undefined
  readonly basisPoints?: number | null | undefined
  readonly appliesTo?: AppliesTo | null | undefined
}

export interface NewPartner extends PartnerTerms {
  readonly name: string
  readonly email?: string | undefined
  /** Their code: the key of their links. */
  readonly key: string | null
  readonly accountId?: TenantId | null | undefined
}

/**
 * Takes a partner into a programme: a manager without access to the panel and without notifications.
 *
 * @returns The manager's id.
 * @throws {BuylinkError} `not_found`: no such programme; as `createManager`.
 */
export async function createPartner(db: Db, clock: Clock, actor: Principal, input: NewPartner): Promise<string> {
  return transaction(db, async (tx) => {
    const program = await programFor(tx, actor, input.programId)
    if (input.key === null) throw required('key', 'Enter a key: the partner’s links carry it.')
    const manager = await createManager(tx, clock, actor, {
      sellerId: tenantOf(program.sellerId),
      name: input.name,
      email: input.email,
      key: input.key,
      accountId: input.accountId,
      role: 'sales',
      isPartner: true,
    })
    const partner: Partner = {
      managerId: manager.id,
      sellerId: manager.sellerId,
      programId: program.id,
      basisPoints: input.basisPoints ?? null,
      appliesTo: input.appliesTo ?? null,
      joinedAt: manager.createdAt,
      reportLinkedAt: null,
      version: 1n,
    }
    await savePartner(tx, partner, manager.createdAt)
    await log(tx, partner, actor, manager.createdAt, 'create', termsOf(partner))
    return manager.id
  })
}

/**
 * Changes a partner's terms, for orders that are not paid yet.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: a programme of another reseller.
 */
export async function changePartner(
  db: Db,
  clock: Clock,
  actor: Principal,
  { id, ifMatch, ...change }: PartnerTerms & { readonly id: string; readonly ifMatch?: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    const before = await lockVisible(tx, actor, id)
    if (ifMatch !== undefined && ifMatch !== before.version)
      throw new BuylinkError('version_mismatch', 'The partner was changed meanwhile. Load it again.')
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const after: Partner = { ...before, ...given }
    const program = await programFor(tx, actor, after.programId)
    if (program.sellerId !== after.sellerId)
      throw required('program_id', 'Choose a programme of the partner’s own reseller.')
    const at = clock.now()
    await savePartner(tx, after, at)
    await log(tx, after, actor, at, 'update', termsOf(after))
  })
}

/**
 * Makes the private link to a partner's report; the one before opens nothing any more. Told once: only its hash is kept.
 *
 * @returns The token of the link: 256 random bits.
 */
export async function linkReport(db: Db, clock: Clock, actor: Principal, id: string): Promise<string> {
  return transaction(db, async (tx) => {
    const partner = await lockVisible(tx, actor, id)
    const [token, at] = [newToken(), clock.now()]
    await setReportToken(tx, id, sha256(token), at)
    await log(tx, partner, actor, at, 'link_report', {})
    return token
  })
}

/** Takes the private link back. Again: no change. */
export async function revokeReport(db: Db, clock: Clock, actor: Principal, id: string): Promise<void> {
  await transaction(db, async (tx) => {
    const partner = await lockVisible(tx, actor, id)
    if (partner.reportLinkedAt === null) return
    const at = clock.now()
    await setReportToken(tx, id, null, at)
    await log(tx, partner, actor, at, 'revoke_report', {})
  })
}

async function lockVisible(tx: Tx, actor: Principal, id: string): Promise<Partner> {
  await getPartner(tx, actor, id)
  const partner = await lockPartner(tx, id)
  if (!partner) throw new BuylinkError('not_found', 'There is no such partner.')
  return partner
}

async function programFor(tx: Tx, actor: Principal, id: ProgramId | undefined) {
  if (id === undefined) throw required('program_id', 'Choose a programme.')
  const program = await getProgram(tx, actor, id)
  return { ...program, sellerId: program.sellerId as Partner['sellerId'] }
}

const required = (path: string, message: string) =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })

const termsOf = ({ programId, basisPoints, appliesTo }: Partner) => ({
  program_id: programId,
  basis_points: basisPoints,
  applies_to: appliesTo,
})

const log = (tx: Tx, partner: Partner, actor: Principal, at: Date, what: string, details: Record<string, unknown>) =>
  audit(tx, {
    sellerId: partner.sellerId,
    subject: { kind: 'manager', id: partner.managerId },
    tenantId: tenantOf(partner.sellerId),
    actor,
    correlationId: actor.correlationId,
    at,
    action: `referral_partner.${what}`,
    details,
  })
