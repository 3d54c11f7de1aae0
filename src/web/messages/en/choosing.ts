/** Choosing quantities, in a checkout and for what runs. */
export const choosing = {
  'quantity.less': 'One less: {name}',
  'quantity.more': 'One more: {name}',
  'configure.each': '{amount} / month per further {unit}',
  'configure.extra': '+ {amount} / month',
  'configure.fixed': 'Included',
  'configure.included': '{quantity} included',
  'configure.limit': 'up to {quantity}',
  'configure.resources': 'How much do you need?',
} as const
