/** Figures of managers and partners: in the portal and behind a partner's private link. */
export const figures = {
  'figures.visits': 'Visits',
  'figures.accounts': 'Accounts',
  'figures.orders': 'Orders',
  'figures.paid_orders': 'Paid orders',
  'figures.paid_net': 'Paid, net',
  'figures.reward': 'Reward',
  'figures.funnel': 'From visit to payment',
  'figures.of_before': '{percent} of the step before',
  'figures.chart': '{what} by {by, select, day {day} week {week} other {month}}',
  'figures.most': 'Most: {value}',
  'figures.table': 'Figures by {by, select, day {day} week {week} other {month}}',
  'figures.step': '{by, select, day {Day} week {Week from} other {Month}}',
  'figures.csv': 'Download CSV',
  'figures.range': 'Time',
  'figures.days': '{n, plural, one {# day} other {# days}}',
  'figures.explain':
    'Visits count browsers, without bots and repeats. Paid amounts leave tax out and count on the day they are booked; what is paid back is taken off on the day it is returned.',
  'figures.nothing_title': 'Nothing yet in this time',
  'figures.nothing': 'Figures appear as soon as someone follows a link with the key.',
  'report.title': 'Referrals of {name}',
  'report.lead':
    '{program}: {percent}% of {applies, select, first {the first purchase} other {every purchase}} of customers who come by your links.',
  'report.private': 'This page is private: whoever has its address can read it.',
  'report.link': 'Your link',
  'report.link_hint': 'Any page of the store will do. Put this behind its address:',
} as const
