/** Usage and quotas, in the control panel and the portal. */
export const usage = {
  'nav.usage': 'Usage',
  'usage.lead': 'What is in use of each quota, and when it will run out if it goes on as in the last 30 days.',
  'usage.empty_title': 'Nothing to show yet',
  'usage.empty': 'Quotas appear here with your first subscription.',
  'usage.user_scope': '{name}, yours alone',
  'usage.history': 'The last 60 days',
  'usage.day': 'Day',
  'usage.in_use': 'In use',
  'usage.chart': 'In use over the last 60 days: from {from} to {to}',
  'usage.forecast_runs_out': 'Runs out around {day}',
  'usage.forecast_range': 'between {earliest} and {latest}',
  'usage.forecast_open': 'on {earliest} at the earliest',
  'usage.forecast_not_enough_data': 'Not enough data for a forecast: it takes a week.',
  'usage.forecast_not_in_sight': 'At this pace it will last for years.',
  'usage.forecast_reached': 'Used up.',
  'usage.notice_contact': 'Contact your sales representative: {name}',
} as const
