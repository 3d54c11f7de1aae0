/** Alerts across the subtree, in the portal. */
export const alerts = {
  'alerts.lead': 'Quotas that ran out or soon will have, at your place in the tree and below it.',
  'alerts.tenant': 'Tenant',
  'alerts.what': 'What',
  'alerts.state': 'State',
  'alerts.used': 'Used',
  'alerts.opened': 'Since',
  'alerts.cleared': 'Over since',
  'alerts.cleared_filter': 'Also those that are over',
  'alerts.any_state': 'Any state',
  'alerts.any_usage': 'Anything counted',
  'alerts.state_almost_reached': 'almost full',
  'alerts.state_reached': 'quota exceeded',
  'alerts.state_exceeded': 'hard limit exceeded',
  'alerts.empty_title': 'Nothing has run out',
  'alerts.empty':
    'As soon as a customer or one of its users comes near a quota, it stands here, and goes away when there is room again.',
  'alerts.empty_filter': 'No alert fits the filter. Choose any state and anything counted to see all.',
} as const
