/** Customers as the portal shows them. */
export const accounts = {
  'hold.hold': 'Put on hold',
  'hold.release': 'Release from hold',
  'hold.hold_title': 'Put {name} on hold?',
  'hold.release_title': 'Release {name}?',
  'hold.hold_text':
    'Nothing can be ordered or changed until the account is released. What runs goes on. Its users read the reason.',
  'hold.release_text': 'The account can order again. The reason goes into the audit log.',
  'hold.reason': 'Reason',
  'hold.keep': 'Keep as it is',
  'accounts.held': 'On hold: nothing can be ordered',
  'accounts.why': 'Why?',
  'accounts.search': 'Search by name, email or number',
  'accounts.all': 'Show all accounts',
  'accounts.none': 'Try a part of the company name, or the email address.',
  'accounts.empty_title': 'No customers yet',
  'accounts.empty': 'An account appears when someone registers in the store.',
  'accounts.details': 'Details',
  'accounts.quick': 'Registered with an email address only; details follow with the first order.',
  'accounts.address': 'Address',
  'accounts.usage': 'Usage and quotas',
  'accounts.no_orders': 'No orders yet.',
} as const
