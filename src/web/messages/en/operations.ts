/** Portal pages about the running of it: what was changed, what waits, what failed. */
export const operations = {
  'audit.lead': 'What was changed, by whom and when, at your place in the tree and below it.',
  'audit.search': 'Beginning of an action, such as plan.',
  'audit.action': 'Action',
  'audit.at': 'When',
  'audit.who': 'Who',
  'audit.where': 'Where',
  'audit.what': 'What',
  'audit.empty_title': 'Nothing here',
  'audit.empty': 'No action begins like that. Leave the search empty to see all of them.',
} as const
