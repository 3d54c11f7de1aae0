/** Changing what a running subscription has. */
export const change = {
  'change.title': 'Change {name}',
  'change.lead':
    'What you add is charged for the {left} of {days} days that are left of this period. What you give up is gone at once and not refunded.',
  'change.today': 'To pay today',
  'change.monthly': 'A month, without tax',
  'change.monthly_change': '{before} until now, {after} from the next renewal on',
  'change.monthly_same': '{after}, as now',
  'change.agree': 'I agree to {amount} a month, without tax, from the next renewal on',
  'change.agree_missing': 'Agree to the new price a month to order this.',
  'change.from_balance': 'Pay from the balance of {balance}',
  'change.do': 'Order the change',
  'change.above': 'More is in use than would be left: {names}. Free some of it first.',
} as const
