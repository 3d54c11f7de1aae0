import { type BuiltIn, mail } from './builtin-handler.ts'

/** Documents, mailed with their PDF. */
export const BILLING_HANDLERS: Readonly<Record<string, BuiltIn>> = {
  'invoice.issued:customer': {
    name: 'Invoice: mail to the customer, with the PDF',
    event: 'invoice.issued',
    channel: 'email',
    to: ['customer'],
    text: mail(
      'Invoice {{ event.data.number }}',
      `# Invoice {{ event.data.number }}

Here is your invoice for {{ event.data.title }}, attached as PDF.

| Total | {{ event.data.total }} {{ event.data.currency }} |
| For | {{ event.data.title }} |

[See the invoice]({{ links.invoice }})`,
    ),
  },
  'credit_note.issued:customer': {
    name: 'Credit note: mail to the customer, with the PDF',
    event: 'credit_note.issued',
    channel: 'email',
    to: ['customer'],
    text: mail(
      'Credit note {{ event.data.number }}',
      `# Credit note {{ event.data.number }}

We gave back what this note says; it is attached as PDF.

| Total | {{ event.data.total }} {{ event.data.currency }} |
| For | {{ event.data.title }} |
{% if event.data.corrects %}| Corrects | {{ event.data.corrects }} |{% endif %}

[See the credit note]({{ links.invoice }})`,
    ),
  },
}
