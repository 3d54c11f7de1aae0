/** What `GET /api/v1/ledger/verification` answers: whether the books add up, and how much was looked at. */
export interface LedgerVerification {
  readonly ok: boolean
  readonly checked: { readonly postings: number; readonly entries: number; readonly accounts: number }
  readonly problems: readonly { readonly code: string; readonly message: string }[]
}
