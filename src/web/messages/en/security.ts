/** One's own sign-in: password, and the second factor beside it. */
export const security = {
  'security.title': 'Sign-in and security',
  'security.lead': 'How you, {email}, sign in here.',
  'factor.title': 'Second factor',
  'factor.off': 'Off',
  'factor.on': 'On',
  'factor.text':
    'With a second factor, signing in also asks for a code of an app on your phone. Whoever learns your password alone stays outside.',
  'factor.needs_password': 'Choose a password first: the code comes after it.',
  'factor.begin': 'Set up a second factor',
  'factor.since': 'Signing in asks for a code since',
  'factor.left':
    '{count, plural, =0 {No recovery code is left: remove the second factor and set it up again.} one {One recovery code is left.} other {# recovery codes are left.}}',
  'factor.scan': 'Scan this code with your authenticator app, or enter the key by hand.',
  'factor.qr': 'QR code for the authenticator app',
  'factor.key': 'Key',
  'factor.code': 'Code of the app',
  'factor.code_hint': 'Six digits, a new one every 30 seconds.',
  'factor.confirm': 'Turn on',
  'factor.cancel': 'Not now',
  'factor.codes_title': 'The second factor is on. Keep these recovery codes.',
  'factor.codes_text':
    'Each signs you in once without the app, should you lose your phone. They are shown only now: print them or keep them in a password manager.',
  'factor.codes_done': 'I have kept them',
  'factor.copy_codes': 'recovery codes',
  'factor.remove': 'Turn off',
  'factor.remove_title': 'Turn off the second factor?',
  'factor.remove_text': 'From then on your password alone signs you in, and the recovery codes are worth nothing.',
  'factor.remove_code': 'Code of the app, or a recovery code',
  'factor.removed': 'The second factor is off.',
  'factor.keep': 'Keep it',
} as const
