import { type BuiltIn, mail } from './builtin-handler.ts'
import { DUNNING_HANDLERS } from './builtin-dunning-handlers.ts'
import { CARD_HANDLERS } from './builtin-card-handlers.ts'
import { BILLING_HANDLERS } from './builtin-billing-handlers.ts'
import { LIFE_HANDLERS } from './builtin-life-handlers.ts'
import type { EventHandler } from './schema.ts'

const FACTS = `| Order | {{ order.number }} |
| Product | {{ order.product }}, {{ order.plan }} |
| Total | {{ order.total }} |`

const ASKED = `# {{ account.name }} asks for you

A quota ran out, and they would rather talk to somebody than order.

| Account | {{ account.number }} |
| What ran out | {{ event.data.usage_names | join: ', ' }} |
| What we offered, today | {{ event.data.today }} |
| and a month from then on | {{ event.data.recurring }} |

{{ event.data.message }}

[Open the account]({{ links.portal_account }})`

/** What everyone is told of until someone changes it. Keys are kept for ever: overrides name them. */
const HANDLERS: Readonly<Record<string, BuiltIn>> = {
  'account.created:manager': {
    name: 'Account created: mail to its manager',
    event: 'account.created',
    channel: 'email',
    to: ['manager'],
    text: mail(
      'New account: {{ account.name }}',
      `# {{ account.name }} is yours

A new customer registered with your key.

| Account | {{ account.number }} |
| Country | {{ account.country }} |

[Open the account]({{ links.portal_account }})`,
    ),
  },
  'account.manager_changed:manager': {
    name: 'Account manager changed: mail to the new manager',
    event: 'account.manager_changed',
    channel: 'email',
    to: ['manager'],
    text: mail(
      '{{ account.name }} is credited to you',
      `# {{ account.name }} is credited to you

From now on you see its orders and figures.

| Account | {{ account.number }} |

[Open the account]({{ links.portal_account }})`,
    ),
  },
  'account.manager_changed:manager-notice': {
    name: 'Account manager changed: notice to the new manager',
    event: 'account.manager_changed',
    channel: 'panel',
    to: ['manager'],
    text: mail(
      '{{ account.name }} is credited to you',
      'From now on you see its orders and figures.\n\n[Open the account]({{ links.portal_account }})',
    ),
  },
  'offer.contact_requested:manager': {
    name: 'Offer asked about: mail to the account’s manager',
    event: 'offer.contact_requested',
    channel: 'email',
    to: ['manager'],
    text: mail('{{ account.name }} needs more', ASKED),
  },
  'offer.contact_requested:staff': {
    name: 'Offer asked about, no manager to tell: mail to the reseller',
    event: 'offer.contact_requested',
    channel: 'email',
    to: ['staff'],
    condition: 'manager.notified != true',
    text: mail('{{ account.name }} needs more', ASKED),
  },
  'offer.contact_requested:staff-notice': {
    name: 'Offer asked about: notice to the reseller',
    event: 'offer.contact_requested',
    channel: 'panel',
    to: ['staff'],
    text: mail(
      '{{ account.name }} needs more',
      'They ask for a contact.\n\n[Open the account]({{ links.portal_account }})',
    ),
  },
  'offer.answered:customer': {
    name: 'Contact answered: mail to the customer',
    event: 'offer.answered',
    channel: 'email',
    to: ['customer'],
    text: mail('An answer to what you asked', '# Your contact answered\n\n{{ event.data.reply }}'),
  },
  'order.placed:customer': {
    name: 'Order placed: confirmation to the customer',
    event: 'order.placed',
    channel: 'email',
    to: ['customer'],
    text: mail(
      "Your {% if order.type == 'renewal' %}renewal{% else %}order{% endif %} {{ order.number }}",
      `{% if order.type == 'renewal' %}# The next period of {{ subscription.name }}

{% if payment.status == 'waiting_for_payment' %}It goes on without a break once this is paid.{% else %}It is paid and goes on; there is nothing left to do.{% endif %}{% else %}# Thank you for your order

{% if payment.status == 'waiting_for_payment' %}We set everything up as soon as your payment arrives.{% else %}We are setting everything up, and tell you when it runs.{% endif %}{% endif %}

${FACTS}
{% if payment.status == 'waiting_for_payment' %}| To pay | {{ payment.due }} |

[How to pay]({{ links.payment }}){% else %}
[See the order]({{ links.order }}){% endif %}`,
    ),
  },
  'order.placed:staff-notice': {
    name: 'Payment waits: notice to the reseller',
    event: 'order.placed',
    channel: 'panel',
    to: ['staff'],
    condition: "payment.status == 'waiting_for_payment'",
    text: mail(
      '{{ account.name }} ordered {{ order.plan }}',
      '{{ payment.due }} is waited for, payment {{ payment.number }}.\n\n[See the payment]({{ links.portal_payment }})',
    ),
  },
  'order.completed:customer': {
    name: 'Order completed: mail to the customer',
    event: 'order.completed',
    channel: 'email',
    to: ['customer'],
    text: mail(
      "{{ subscription.name }} is {% if order.type == 'renewal' %}renewed{% else %}ready{% endif %}",
      `# {{ subscription.name }} is {% if order.type == 'renewal' %}renewed{% else %}ready{% endif %}

{% if order.type == 'renewal' %}Its next period is paid.{% else %}Your order is complete.{% endif %}

${FACTS}

[Open {{ subscription.name }}]({{ links.subscription }})`,
    ),
  },
  'order.cancelled:customer': {
    name: 'Order cancelled: mail to the customer',
    event: 'order.cancelled',
    channel: 'email',
    to: ['customer'],
    text: mail(
      'Order {{ order.number }} was cancelled',
      `# Your order was cancelled

{{ event.data.reason }}

${FACTS}

What you had paid for it is on your balance.

[See the order]({{ links.order }})`,
    ),
  },
  'order.provisioning_failed:staff': {
    name: 'Set-up failed: mail to the reseller',
    event: 'order.provisioning_failed',
    channel: 'email',
    to: ['staff'],
    text: mail(
      'Setting up {{ order.number }} failed',
      `# {{ account.name }} waits for {{ order.plan }}

The order is paid, but its service could not be set up: {{ event.data.message }}

[See the order]({{ links.portal_order }})`,
    ),
  },
  'order.provisioning_failed:staff-notice': {
    name: 'Set-up failed: notice to the reseller',
    event: 'order.provisioning_failed',
    channel: 'panel',
    to: ['staff'],
    text: mail(
      'Setting up {{ order.number }} failed',
      '{{ account.name }} has paid and waits.\n\n[See the order]({{ links.portal_order }})',
    ),
  },
  'payment.completed:customer': {
    name: 'Payment completed: mail to the customer',
    event: 'payment.completed',
    channel: 'email',
    to: ['customer'],
    text: mail(
      'We received your payment',
      `# Thank you for your payment

| Amount | {{ event.data.total }} {{ event.data.currency }} |
| Order | {{ order.number }} |

[See your payments]({{ links.client }}/payments)`,
    ),
  },
  'subscription.activated:customer-notice': {
    name: 'Subscription runs: notice to the customer',
    event: 'subscription.activated',
    channel: 'panel',
    to: ['customer'],
    text: mail(
      '{{ subscription.name }} is ready',
      'Everything is set up.\n\n[Open {{ subscription.name }}]({{ links.subscription }})',
    ),
  },
  'webhook.disabled:staff': {
    name: 'Webhook switched off: mail to the reseller',
    event: 'webhook.disabled',
    channel: 'email',
    to: ['staff'],
    text: mail(
      'A webhook was switched off',
      `# A webhook was switched off

Its receiver answered 410 Gone, which asks for no more. What waited for it is kept: switch it on again and replay.

| Address | {{ event.data.url }} |

[See the webhook]({{ links.portal_webhook }})`,
    ),
  },
  'webhook.disabled:staff-notice': {
    name: 'Webhook switched off: notice to the reseller',
    event: 'webhook.disabled',
    channel: 'panel',
    to: ['staff'],
    text: mail(
      'A webhook was switched off',
      '{{ event.data.url }} answered 410 Gone.\n\n[See the webhook]({{ links.portal_webhook }})',
    ),
  },
}

export const BUILT_IN: readonly EventHandler[] = Object.entries({
  ...HANDLERS,
  ...LIFE_HANDLERS,
  ...BILLING_HANDLERS,
  ...CARD_HANDLERS,
  ...DUNNING_HANDLERS,
}).map(([key, handler]) => ({
  sellerId: null,
  key,
  name: handler.name,
  eventType: handler.event,
  channel: handler.channel,
  recipients: handler.to,
  addresses: [],
  endpointId: null,
  condition: handler.condition ?? '',
  templates: { en: handler.text },
  enabled: true,
  delegated: true,
  overrides: null,
  ownerPath: null,
  version: 1n,
}))
