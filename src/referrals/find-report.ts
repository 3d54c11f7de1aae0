import { findManager } from '../attribution/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import { sha256 } from '../platform/auth/tokens.ts'
import type { Db } from '../platform/db.ts'
import { type Figures, figuresOf, type StepFigures } from './figures-view.ts'
import { type Range, type Step, stepFor, termsOf } from './rules.ts'
import type { AppliesTo } from './schema.ts'
import { findPartnerByToken, findProgram } from './store.ts'

/** What a partner reads behind their private link: their own figures, and no customer's name. */
export interface PartnerReport {
  readonly sellerId: SellerId
  readonly name: string
  readonly key: string | null
  readonly program: string
  readonly basisPoints: number
  readonly appliesTo: AppliesTo
  readonly total: Figures
  readonly by: Step
  readonly steps: readonly StepFigures[]
}

/** undefined for a link that was taken back, replaced, never made, or whose partner is gone. */
export async function findReport(db: Db, token: string, range: Range): Promise<PartnerReport | undefined> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined
  const partner = await findPartnerByToken(db, sha256(token))
  const manager = partner && (await findManager(db, partner.managerId))
  const program = partner && (await findProgram(db, partner.programId))
  if (!manager || !program || manager.deletedAt !== null) return undefined
  const by = stepFor(range)
  return {
    sellerId: manager.sellerId,
    name: manager.name,
    key: manager.key,
    program: program.name,
    ...termsOf(partner, program),
    by,
    ...(await figuresOf(db, manager.id, range, by)),
  }
}
