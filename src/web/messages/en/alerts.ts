/** Alerts across the subtree, in the portal. */
export const alerts = {
  'nav.alerts': 'Alerts',
  'alerts.lead': 'Quotas that are used up, or soon will be. They change and go by themselves.',
  'alerts.empty_title': 'All quotas are fine',
  'alerts.empty': 'An alert appears here the moment a customer uses up a quota.',
  'alerts.usage': 'Usage',
  'alerts.state': 'State',
  'alerts.used': 'In use',
  'alerts.since': 'Since',
  'alerts.state.almost_reached': 'Almost reached',
  'alerts.state.reached': 'Reached',
  'alerts.state.exceeded': 'Hard limit exceeded',
} as const
