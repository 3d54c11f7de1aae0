/** Money of a payment that goes back. */
export const refunds = {
  'refund.list': 'Given back',
  'refund.method_balance': 'to the balance',
  'refund.method_card': 'to the card',
  'refund.method_bank_transfer': 'by bank transfer',
  'refund.status_waiting': 'Waiting for the service',
  'refund.status_sending': 'On its way',
  'refund.status_completed': 'Done',
  'refund.status_to_balance': 'Put on the balance',
  'refund.status_cancelled': 'Cancelled',
} as const
