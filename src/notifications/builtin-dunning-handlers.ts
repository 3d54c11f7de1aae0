import { type BuiltIn, mail } from './builtin-handler.ts'

const FOR = `{% if event.data.invoice %}invoice {{ event.data.invoice }}{% elsif subscription %}{{ subscription.name }}{% else %}your balance{% endif %}`
const STOPS = `{% if event.data.stops_at %} Without it, {% if subscription %}{{ subscription.name }}{% else %}the service{% endif %} stops on {{ event.data.stops_at | date: '%Y-%m-%d' }}.{% endif %}`
const DAY = `{{ event.data.due_at | date: '%Y-%m-%d' }}`

/** What is due and not paid: reminders to the customer, and to staff what none of them helped with. */
export const DUNNING_HANDLERS: Readonly<Record<string, BuiltIn>> = {
  'payment.reminded:customer': {
    name: 'Payment due: reminder to the customer, with a link to pay',
    event: 'payment.reminded',
    channel: 'email',
    to: ['customer'],
    text: mail(
      `Please pay {{ event.data.amount }} {{ event.data.currency }} for ${FOR}`,
      `# {% if event.data.step > 1 %}A reminder: {% endif %}please pay for ${FOR}

It was due on ${DAY}. If your payment is on its way, thank you: there is nothing left to do.${STOPS}

| To pay | {{ event.data.amount }} {{ event.data.currency }} |
| For | ${FOR} |
| Reference | {{ event.data.number }} |

[Pay now]({{ links.payment }})`,
    ),
  },
  'payment.reminded:customer-notice': {
    name: 'Payment due: notice to the customer',
    event: 'payment.reminded',
    channel: 'panel',
    to: ['customer'],
    text: mail(
      `{{ event.data.amount }} {{ event.data.currency }} for ${FOR} is due`,
      `It was due on ${DAY}.${STOPS}\n\n[Pay now]({{ links.payment }})`,
    ),
  },
  'dunning.exhausted:staff-notice': {
    name: 'Still not paid after all reminders: notice to the reseller',
    event: 'dunning.exhausted',
    channel: 'panel',
    to: ['staff'],
    text: mail(
      '{{ account.name }} has not paid {{ event.data.amount }} {{ event.data.currency }}',
      `All charges and reminders for ${FOR} were in vain. Its terms say what is stopped when.\n\n[See the payment]({{ links.portal_payment }})`,
    ),
  },
}
