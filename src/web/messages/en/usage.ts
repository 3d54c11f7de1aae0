/** The menu's word for usage and what its header says of it, in the control panel. */
export const usage = {
  'nav.usage': 'Usage',
  'usage.notice_contact': 'Contact your sales representative: {name}',
} as const
