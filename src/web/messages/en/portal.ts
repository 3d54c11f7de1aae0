/** Sales in the portal: what waits for a person, orders, payments. */
export const portal = {
  'portal.home': 'To do',
  'portal.quiet_title': 'Nothing waits for you',
  'portal.quiet': 'Payments to approve and set-ups that failed appear here by themselves.',
  'portal.quiet_links': 'Make a buy-link',
  'portal.failed': 'Set-up failed',
  'portal.to_approve': 'Payments to approve',
  'portal.all': 'Show all',
  'portal.payments_empty_title': 'No payments here',
  'portal.payments_empty':
    'A payment appears when a customer places an order that costs something. Bank transfers wait here until you approve them.',
  'portal.orders_empty_title': 'No orders here',
  'portal.orders_empty': 'Orders appear when a customer follows a buy-link to its end.',
  'portal.subscriptions_empty_title': 'No subscriptions yet',
  'portal.subscriptions_empty': 'Each placed order makes one; it becomes active when it is paid and set up.',
  'approve.open': 'Approve',
  'approve.title': 'Payment of {name}',
  'approve.already': 'Received so far',
  'approve.amount': 'Amount received, {currency}',
  'approve.amount_bad': 'Type the amount that arrived, such as 49.00.',
  'approve.reference': 'Reference on the bank statement',
  'approve.reference_hint': 'The same reference is never counted twice.',
  'approve.under': 'That leaves {amount} outstanding. The payment keeps waiting for the rest.',
  'approve.over': '{amount} more than outstanding. The payment completes; the rest goes to the balance of {name}.',
  'approve.exact': 'The payment completes and {name} is set up at once. This cannot be undone.',
  'approve.exact_topup': 'The payment completes, the balance is credited and {name} is set up. This cannot be undone.',
  'approve.do': 'Approve {amount}',
  'order.retry': 'Try again',
  'order.failed_title':
    '{n, plural, one {Setting up failed after # attempt} other {Setting up failed after # attempts}}',
  'order.failed_text':
    'The customer has paid and is waiting. Remove the cause, then try again; nothing is set up twice.',
} as const
