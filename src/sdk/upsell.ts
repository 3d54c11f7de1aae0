/** What `GET /api/v1/upsell-explanations/{user_id}` answers. */
export interface UpsellExplanation {
  readonly user_id: string
  readonly tenant_id: string | null
  readonly is_buyer: boolean
  readonly is_company_administrator: boolean
  readonly is_branded: boolean
  readonly buy_url: string | null
  readonly places: readonly {
    readonly place: string
    readonly shows: 'nothing' | 'buy_now' | 'contact'
    readonly why: string
    readonly url: string | null
  }[]
}
