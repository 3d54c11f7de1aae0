import type { UpsellUser } from './facts-view.ts'
import {
  type ContactReason,
  decideQuotaUpsell,
  type EditionsDecision,
  type NothingReason,
  type Place,
  type UpsellDecision,
} from './rules.ts'

export interface PlaceExplanation {
  readonly place: string
  readonly shows: 'nothing' | 'buy_now' | 'contact'
  readonly why: string
  readonly url: string | null
}

type Reason = NothingReason | ContactReason | Extract<EditionsDecision, { reason: string }>['reason']

const WHY: Readonly<Record<Reason, string>> = {
  no_customer: 'The user belongs to no customer: quota upsell is for users of customers.',
  not_a_buyer: 'The user is no buyer: business_types does not contain "buyer".',
  not_promoted: 'The setting PromoteHigherEditions is off for the customer, by its own value or one from above.',
  no_higher_edition: 'No higher edition is offered to the customer.',
  nothing_ran_out: 'Nothing has run out here: every quota that this place is about is fine.',
  not_an_administrator: 'The user is a buyer, but no company administrator: they are told to contact sales.',
  not_branded: 'No brand is enabled at or above the customer, so there is no Buy URL.',
  no_buy_url: 'The Buy URL of the brand is empty.',
  bad_buy_url: 'The Buy URL of the brand is no http(s) address with a host and without credentials.',
  unknown_to_the_buy_url: 'Only a Buylink’s own /upgrade understands this usage; the Buy URL leads elsewhere.',
}

/** Why someone sees what they see, in each place, at this moment. */
export function explainUpsell(
  user: UpsellUser,
  editions: EditionsDecision,
  redirectUrl: string | null,
): PlaceExplanation[] {
  const usages = [...new Set(user.quotas.filter(({ state }) => state !== 'fine').map(({ usageName }) => usageName))]
  const places: [string, Place][] = [
    ...usages.map((usageName): [string, Place] => [`console alert: ${usageName}`, { kind: 'alert', usageName }]),
    ['e-mail', { kind: 'mail' }],
    ['menu header', { kind: 'header' }],
  ]
  return [
    ...places.map(([place, at]) => explain(place, decideQuotaUpsell(user, at, redirectUrl), user, at)),
    say('higher edition: pages of subscriptions and usage', editions),
  ]
}

function explain(place: string, decision: UpsellDecision, user: UpsellUser, at: Place): PlaceExplanation {
  const isMailOff = at.kind === 'mail' && decision.kind !== 'nothing' && !user.notifications.includes('quota')
  if (isMailOff)
    return {
      place,
      shows: 'nothing',
      why: 'The user’s notifications do not contain "quota": no mail is sent.',
      url: null,
    }
  return say(place, decision)
}

const say = (place: string, decision: UpsellDecision | EditionsDecision): PlaceExplanation =>
  decision.kind === 'buy_now'
    ? {
        place,
        shows: 'buy_now',
        why: 'Buyer and company administrator, brand enabled, usable Buy URL.',
        url: decision.url,
      }
    : { place, shows: decision.kind, why: WHY[decision.reason], url: null }
