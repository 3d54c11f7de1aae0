import { type BuiltIn, mail } from './builtin-handler.ts'

const CARD = '{{ event.data.brand | capitalize }} ending in {{ event.data.last4 }}'
const CHARGED = '{{ event.data.card_brand | capitalize }} ending in {{ event.data.card_last4 }}'
const REFUSED = `{% if event.data.needs_payer %}Your bank wants you to confirm this payment yourself.{% else %}Your bank did not accept it. It said: {{ event.data.message }}{% endif %}`

/** What becomes of kept cards, told to those who may pay. */
export const CARD_HANDLERS: Readonly<Record<string, BuiltIn>> = {
  'card.saved:customer': {
    name: 'Card kept: mail to the customer',
    event: 'card.saved',
    channel: 'email',
    to: ['customer'],
    text: mail(
      'Your card is saved',
      `# Your card is saved

From now on we charge it for renewals and due invoices. You can take it back at any time.

| Card | ${CARD} |
| Account | {{ account.number }} |

[See your cards]({{ links.client }}/cards)`,
    ),
  },
  'payment.card_refused:customer': {
    name: 'Card refused: mail to the customer, with a link to pay',
    event: 'payment.card_refused',
    channel: 'email',
    to: ['customer'],
    text: mail(
      '{% if event.data.needs_payer %}Please confirm your payment{% else %}Your card was not accepted{% endif %}: {{ event.data.amount }} {{ event.data.currency }}',
      `# {% if event.data.needs_payer %}Please confirm your payment{% else %}Your card was not accepted{% endif %}

${REFUSED}

| To pay | {{ event.data.amount }} {{ event.data.currency }} |
| Payment | {{ event.data.number }} |
| For | {% if subscription %}{{ subscription.name }}{% else %}your balance{% endif %} |
| Card | ${CHARGED} |

[Pay now]({{ links.payment }})`,
    ),
  },
  'payment.card_refused:customer-notice': {
    name: 'Card refused: notice to the customer',
    event: 'payment.card_refused',
    channel: 'panel',
    to: ['customer'],
    text: mail(
      '{{ event.data.amount }} {{ event.data.currency }} could not be charged to your card',
      `${REFUSED}\n\n[Pay now]({{ links.payment }})`,
    ),
  },
}
