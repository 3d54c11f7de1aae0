/** Announcing a plan's prices to those who have it. */
export const priceChange = {
  'price_change.title': 'Prices of those who have it',
  'price_change.lead': 'A subscription keeps the price a month that was agreed, until you announce another one.',
  'price_change.announce': 'Announce today’s prices',
  'price_change.text':
    'Periods that begin on that day or later cost at most what the plan costs today. Each customer who will pay more is told at once, by mail and in their control panel, and has at least {days} days to cancel. Lower prices need no announcement.',
  'price_change.from': 'From',
  'price_change.from_hint': 'The first day, in UTC.',
  'price_change.from_bad': 'Choose {day} or a later day, so that everybody has the time to cancel.',
  'price_change.do': 'Announce',
  'price_change.ask': 'Announce the prices of {name}?',
  'price_change.ask_text':
    'They hold for periods that begin from {day} on. Mails go out now, and it cannot be taken back.',
  'price_change.not': 'Not now',
  'price_change.told':
    'Announced. {n, plural, one {# subscription costs} other {# subscriptions cost}} more from then on, and {n, plural, one {its customer is} other {their customers are}} told.',
  'price_change.announced': 'Announced so far',
  'price_change.announced_on': 'Announced on',
  'price_change.none': 'Nothing yet: who has this plan pays what was agreed.',
} as const
