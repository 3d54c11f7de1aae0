/** On credit hold: which of an order's two payments comes first. */
export const payFirst = {
  'pay_first.title': 'Two payments: this one comes second',
  'pay_first.text': 'Your account is on credit hold, and money first covers what is owed.',
  'pay_first.first': 'First {number}, what is owed',
  'pay_first.then': 'Then this one',
  'pay_first.pay': 'Pay {number} first',
  'pay_first.leaves_hold':
    'This covers what is owed and takes your account off credit hold. What was stopped starts again by itself.',
}
