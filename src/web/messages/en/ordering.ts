/** Ordering for a customer. */
export const ordering = {
  'order_for.title': 'Order for {name}',
  'order_for.lead':
    'The customer pays as with an order of their own, and is told of it in the same way. The audit log says who ordered.',
  'order_for.lead_confirm': 'Look at it once more. Nothing is ordered yet.',
  'order_for.incomplete':
    'This customer has registered with an email address only. Their details are needed before anything can be ordered.',
  'order_for.no_plans': 'You have no plan on sale.',
  'order_for.what': 'What is ordered',
  'order_for.plan': 'Plan',
  'order_for.period': 'Period',
  'order_for.trial': 'Trial',
  'order_for.topup': 'First top-up',
  'order_for.range': '{minimum} to {limit}',
  'order_for.price': 'See the price',
  'order_for.second': 'The customer has this plan already and wants a second one',
  'order_for.terms': 'The customer has agreed to the terms of service',
  'order_for.note': 'What is to be paid waits for the customer’s payment, which you can approve under Payments.',
  'order_for.place': 'Order for {name}',
  'order_for.back': 'Change it',
} as const
