/** What the signed-in user may do about something, as `GET /alerts` tells it. */
export type UpsellAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'buy_now'; readonly text: string; readonly url: string }
  | {
      readonly kind: 'contact'
      readonly text: string
      readonly name: string
      readonly email: string | null
      readonly phone: string | null
      readonly url: string | null
    }

/** The next higher edition that is offered. */
export interface EditionUpsell {
  readonly edition: string
  readonly title: string
  readonly text: string
  readonly action: UpsellAction
}
