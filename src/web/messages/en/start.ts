/** The way of a new reseller to the first sale, on the portal's first page. */
export const start = {
  'start.title': 'Start selling',
  'start.store': 'Open a store',
  'start.store_text': 'At an address of yours: its pages, its links and its mails start with it.',
  'start.store_go': 'Open a store',
  'start.plan': 'Put a plan on sale',
  'start.plan_text': 'A product, then a plan of it with its price. Set the plan to “On sale” when it is right.',
  'start.plan_go': 'Add a plan',
  'start.link': 'Make a buy-link',
  'start.link_text': 'Put it on a page, in a mail or on paper: it leads from the click to the paid order.',
  'start.link_go': 'Make a link',
  'start.done': 'Done',
} as const
