import { type BuiltIn, mail } from './builtin-handler.ts'
import type { EventTypeName } from './catalogue.ts'
import type { Template } from './schema.ts'

const customer = (
  channel: BuiltIn['channel'],
  [event, name, condition]: readonly [EventTypeName, string, string?],
  text: Template,
): BuiltIn => ({
  name: `${name}: ${channel === 'panel' ? 'notice' : 'mail'} to the customer`,
  event,
  channel,
  to: ['customer'],
  ...(condition !== undefined && { condition }),
  text,
})

const LOW = ['balance.low', 'Balance low'] as const
const HOLD = ['account.credit_hold', 'Credit hold'] as const
const HOLD_ENDED = ['account.credit_hold_ended', 'Credit hold ended'] as const
// What credit hold stops and starts again is told once for the account.
const STOPPED = ['subscription.stopped', 'Subscription stopped', "event.data.reason != 'credit_hold'"] as const
const RESUMED = ['subscription.resumed', 'Subscription runs again', "event.data.reason != 'credit_hold'"] as const
const DEARER = ['subscription.price_change_announced', 'Price change announced'] as const
const ALMOST = ['quota.almost_reached', 'Quota almost used up'] as const
const EXCEEDED = ['quota.exceeded', 'Quota used up'] as const

const LASTS = `{% if event.data.hours_left < 1 %}less than an hour{% elsif event.data.hours_left == 1 %}about an hour{% else %}about {{ event.data.hours_left }} hours{% endif %}`
const ADD = '[Add to your balance]({{ links.balance }})'
const OPEN = '[Open {{ subscription.name }}]({{ links.subscription }})'
const WHY = `{% case event.data.reason %}{% when 'expired' %}What was paid for has ended. Renew it to go on; after a while it is deleted.{% when 'cancelled' %}It was cancelled.{% when 'unpaid' %}An invoice of it is not paid. It starts again by itself once it is.{% else %}Your provider stopped it.{% endcase %}`
const USAGE = "{{ event.data.usage_name | replace: '_', ' ' }}"
const SEE = '[See what is used]({{ links.client }})'

/** Told to the people of an account: whether its money lasts, its subscriptions run, its quotas suffice. */
export const LIFE_HANDLERS: Readonly<Record<string, BuiltIn>> = {
  'balance.low:customer': customer(
    'email',
    LOW,
    mail(
      `Your balance lasts ${LASTS}`,
      `# Your balance lasts ${LASTS}

At what you use now it is then used up, and what you pay as you go for stops.

| Balance | {{ event.data.balance }} {{ event.data.currency }} |
| Account | {{ account.number }} |

${ADD}`,
    ),
  ),
  'balance.low:customer-notice': customer(
    'panel',
    LOW,
    mail(
      `Your balance lasts ${LASTS}`,
      `Your balance is {{ event.data.balance }} {{ event.data.currency }}; when it is used up, what you pay as you go for stops.\n\n${ADD}`,
    ),
  ),
  'account.credit_hold:customer': customer(
    'email',
    HOLD,
    mail(
      'Your balance is used up',
      `# Your balance is used up

What you pay as you go for was stopped. Nothing is deleted: it runs again by itself once you have added to your balance.

| Balance | {{ event.data.balance }} {{ event.data.currency }} |
| Account | {{ account.number }} |

${ADD}`,
    ),
  ),
  'account.credit_hold:customer-notice': customer(
    'panel',
    HOLD,
    mail('Your balance is used up', `What you pay as you go for was stopped until you add to it.\n\n${ADD}`),
  ),
  'account.credit_hold_ended:customer': customer(
    'email',
    HOLD_ENDED,
    mail(
      'Everything starts again',
      `# Thank you: everything starts again

What was stopped because your balance was used up is starting now.

| Balance | {{ event.data.balance }} {{ event.data.currency }} |

[See your subscriptions]({{ links.client }}/subscriptions)`,
    ),
  ),
  'account.credit_hold_ended:customer-notice': customer(
    'panel',
    HOLD_ENDED,
    mail(
      'Everything starts again',
      'Your balance is {{ event.data.balance }} {{ event.data.currency }}.\n\n[See your subscriptions]({{ links.client }}/subscriptions)',
    ),
  ),
  'subscription.stopped:customer': customer(
    'email',
    STOPPED,
    mail('{{ subscription.name }} was stopped', `# {{ subscription.name }} was stopped\n\n${WHY}\n\n${OPEN}`),
  ),
  'subscription.stopped:customer-notice': customer(
    'panel',
    STOPPED,
    mail('{{ subscription.name }} was stopped', `${WHY}\n\n${OPEN}`),
  ),
  'subscription.resumed:customer': customer(
    'email',
    RESUMED,
    mail(
      '{{ subscription.name }} runs again',
      `# {{ subscription.name }} runs again\n\nEverything in it is as it was.\n\n${OPEN}`,
    ),
  ),
  'subscription.resumed:customer-notice': customer(
    'panel',
    RESUMED,
    mail('{{ subscription.name }} runs again', `Everything in it is as it was.\n\n${OPEN}`),
  ),
  'subscription.price_change_announced:customer': customer(
    'email',
    DEARER,
    mail(
      'The price of {{ subscription.name }} changes',
      `# The price of {{ subscription.name }} changes

Periods that begin from {{ event.data.effective_at | date: '%-d %B %Y', 'UTC' }} on cost {{ event.data.recurring }} {{ event.data.currency }} a month instead of {{ event.data.recurring_before }} {{ event.data.currency }}, before tax. You need not do anything; if you do not want to go on, cancel before then.

${OPEN}`,
    ),
  ),
  'subscription.price_change_announced:customer-notice': customer(
    'panel',
    DEARER,
    mail(
      'The price of {{ subscription.name }} changes',
      `From {{ event.data.effective_at | date: '%-d %B %Y', 'UTC' }} on it costs {{ event.data.recurring }} {{ event.data.currency }} a month instead of {{ event.data.recurring_before }}, before tax.\n\n${OPEN}`,
    ),
  ),
  // Mails about quotas come with an offer, from above.
  'quota.almost_reached:customer-notice': customer(
    'panel',
    ALMOST,
    mail(`Almost used up: ${USAGE}`, `Little of what you have is left.\n\n${SEE}`),
  ),
  'quota.exceeded:customer-notice': customer(
    'panel',
    EXCEEDED,
    mail(`Used up: ${USAGE}`, `You use all of what you have, or more.\n\n${SEE}`),
  ),
}
