/** Who the customer is, and their own data. */
export const profile = {
  'profile.account': 'Account',
  'profile.number': 'Customer number',
  'profile.manager': 'Your contact',
  'profile.details': 'Details',
  'profile.incomplete': 'Some details are missing. We ask for them before your first order, or fill them in now.',
  'profile.save': 'Save details',
  'profile.saved': 'Saved.',
  'profile.security': 'Change your password, or set up a second factor',
} as const
