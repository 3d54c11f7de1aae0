import { isUnion } from '../kernel/vat-id.ts'

/** What documents say, in English. A document's texts are the seller's, so they do not follow who reads it. */
export const WORDS = {
  language: 'en',
  proForma: 'Pro forma',
  topUp: 'Top-up of your balance',
  arrived: 'Arrived so far',
  proFormaHeading: 'How to pay',
  proFormaPay: (open: string, reference: string, until: string) =>
    `Please transfer ${open} with the reference ${reference}${until && ` until ${until}`}. Write the reference exactly as it is, so that we can tell your payment apart. This is no invoice: you get that once your payment has arrived.`,
  invoice: 'Invoice',
  credit_note: 'Credit note',
  from: 'From',
  to: 'To',
  number: 'Number',
  issued: 'Issued',
  due: 'Due',
  order: 'Order',
  customer: 'Customer no.',
  corrects: 'Corrects',
  period: 'Period',
  vatId: 'VAT ID',
  columns: ['Description', 'Quantity', 'Unit price', 'Tax', 'Amount'],
  net: 'Net',
  tax: 'Tax',
  taxAt: (name: string, rate: string, net: string) => `${name || 'Tax'} ${rate} % on ${net}`,
  total: 'Total',
  credited: 'Total credited',
  paidPart: 'Paid so far',
  toPay: 'To pay',
  paidHeading: 'Paid',
  paid: (day: string) => `This invoice was paid on ${day}. Nothing is left to pay.`,
  payHeading: 'How to pay',
  pay: (total: string, day: string, number: string) =>
    `Please pay ${total} by ${day}. It is taken from your balance as soon as the balance covers it: add to it in the control panel, or transfer it with the reference ${number}.`,
  bank: 'Bank details',
  creditHeading: 'Credited',
  credit: 'What this note gives back is on your balance, or went back the way it was paid.',
  taxHeading: 'About the tax',
  months: (months: string) => (months === '1' ? '1 month' : `${months} months`),
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
} as const

/** What a line is for, under its name. */
export const LINE_NOTES: Readonly<Record<string, string>> = {
  period_setup: 'Set-up, once',
  period_recurring: 'Recurring fee',
  period_renewal: 'Renewal fee',
  period_credit: 'Credit for unused days of the plan before',
  resource_setup: 'Set-up, once',
  resource_recurring: 'Recurring fee',
  resource_renewal: 'Renewal fee',
  usage: 'Usage, in units × hours',
  return: 'Order taken back',
  refund: 'Refund',
  surplus: 'Credit for unused days',
}

/** What has to be stated where the recipient accounts for the tax (Council Directive 2006/112/EC, Articles 196 and 226 (11a)). */
export const reversedNote = (country: string | null): string =>
  isUnion(country)
    ? 'Reverse charge: the recipient accounts for the VAT (Article 196 of Council Directive 2006/112/EC).'
    : 'Reverse charge: the recipient accounts for the tax.'
