/** The menu's word for usage, what its header says of it, and what else can be bought, in the control panel. */
export const usage = {
  'nav.usage': 'Usage',
  'usage.notice_contact': 'Contact your sales representative: {name}',
  'usage.edition': 'Next higher edition: {title}',
  'upsell.contact_nobody': 'Ask whoever sold you the service.',
} as const
