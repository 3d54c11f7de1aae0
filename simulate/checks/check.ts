import type { Pool, PoolClient } from 'pg'

/** Something that is not as the rules say, in a sentence. */
export type Problem = string

/** What all proofs of one kind look like: no row of the query may come back. Each row has one column, `problem`. */
export interface Proof {
  readonly name: string
  readonly query: string
}

/** The first twenty problems of each proof. */
export async function prove(pool: Pool | PoolClient, proofs: readonly Proof[]): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { name, query } of proofs) {
    const { rows } = await pool.query<{ problem: string }>(`select problem from (${query}) found limit 20`)
    problems.push(...rows.map(({ problem }) => `${name}: ${problem}`))
  }
  return problems
}
