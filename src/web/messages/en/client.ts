/** The control panel. */
export const client = {
  'home.title': 'Your services',
  'home.hello': 'Hello, {name}',
  'home.to_pay': 'Waiting for your payment',
  'home.to_pay_for': 'for {name}',
  'home.pay_until': 'to be paid',
  'home.setting_up': '{name} is being set up.',
  'home.follow': 'Follow it',
  'home.order_more': 'Order something',
  'home.runs_until': 'until',
  'home.trial_ends': 'trial ends',
  'subscriptions.empty_title': 'Nothing runs here yet',
  'subscriptions.empty':
    'What you order appears here, with what it includes, how much of it you use and when it renews.',
  'orders.empty_title': 'No orders yet',
  'orders.empty': 'Every order is kept here, with its prices and how far it is.',
  'payments.empty_title': 'No payments yet',
  'payments.empty': 'What is to be paid and what has been paid appears here.',
} as const
