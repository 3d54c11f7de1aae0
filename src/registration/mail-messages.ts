/** What someone is told of afterwards, whoever did it. */
export type SignInChange = 'new_browser' | 'password_changed' | 'second_factor_added' | 'second_factor_removed'

/** The mails of this capability. Every language has every one; `{store}` is the store's or the seller's name. */
export type MailMessage =
  | 'confirm_registration'
  | 'already_registered'
  | 'reset_password'
  | 'no_account'
  | 'invitation'
  | SignInChange

export interface MailText {
  readonly subject: string
  /** What a mailbox shows after the subject. */
  readonly preview: string
  readonly title: string
  readonly paragraphs: readonly string[]
  /** On the one button. */
  readonly action: string
  /** Why the reader gets this, and what to do who did not ask for it. */
  readonly reason: string
}

/** `linkHint`: for whom the button does not work, before the address itself. */
type Catalogue = Readonly<Record<MailMessage, MailText>> & { readonly linkHint: string }

const en: Catalogue = {
  linkHint: 'If the button does not work, open this address:',
  confirm_registration: {
    subject: 'Confirm your email address for {store}',
    preview: 'One click, and your order goes on where you left it.',
    title: 'Confirm your email address',
    paragraphs: [
      'You began to register at {store}. Confirm that this address is yours, and you can go on where you left off, on this device or another.',
      'The link works once, within the next 48 hours.',
    ],
    action: 'Confirm address',
    reason:
      'You get this because someone entered this address at {store}. If it was not you, ignore this mail: no account was made.',
  },
  already_registered: {
    subject: 'You already have an account at {store}',
    preview: 'Sign in, or set a new password.',
    title: 'You are registered already',
    paragraphs: [
      'Someone, probably you, just tried to register at {store} with this address. It has an account, so there is nothing to confirm: sign in as usual.',
      'If you do not know your password, or never set one, the button lets you set one now. It works once, within the next hour.',
    ],
    action: 'Set a new password',
    reason:
      'You get this because someone entered this address at {store}. If it was not you, ignore this mail: nothing was changed.',
  },
  reset_password: {
    subject: 'Set a new password for {store}',
    preview: 'The link works once, within the next hour.',
    title: 'Set a new password',
    paragraphs: [
      'Someone, probably you, asked for a new password at {store}.',
      'The link works once, within the next hour. When you use it, you are signed out everywhere else.',
    ],
    action: 'Set a new password',
    reason:
      'You get this because someone asked for it at {store}. If it was not you, ignore this mail: your password stays as it is.',
  },
  no_account: {
    subject: 'No account with this address at {store}',
    preview: 'Someone asked for a new password.',
    title: 'There is no account with this address',
    paragraphs: [
      'Someone, probably you, asked for a new password at {store}, but no account there has this address. Perhaps you used another one.',
      'If you are new, you can register now.',
    ],
    action: 'Register',
    reason: 'You get this because someone entered this address at {store}. If it was not you, ignore this mail.',
  },
  invitation: {
    subject: 'Your access to {store}',
    preview: 'Choose a password, and you are in.',
    title: 'You are invited',
    paragraphs: [
      'Someone set up access to {store} for you. Choose a password, and you are signed in.',
      'The link works once, within the next seven days. After that, “Forgot your password?” on the sign-in page sends you a new one.',
    ],
    action: 'Choose a password',
    reason:
      'You get this because an administrator entered this address at {store}. If you do not know why, ignore this mail.',
  },
  new_browser: {
    subject: 'New sign-in at {store}',
    preview: 'If it was you, there is nothing to do.',
    title: 'A sign-in with a new browser',
    paragraphs: [
      'Someone just signed in to your account at {store} with a browser that had not been used for it before.',
      'If it was you, there is nothing to do. If not, set a new password at once: it ends every session. Then tell your provider.',
    ],
    action: 'It was not me: set a new password',
    reason: 'You get this because you have a sign-in at {store}. Mails about its safety cannot be turned off.',
  },
  password_changed: {
    subject: 'Your password for {store} was changed',
    preview: 'If it was you, there is nothing to do.',
    title: 'Your password was changed',
    paragraphs: [
      'Your sign-in at {store} has a new password since now. Every other session was ended.',
      'If it was you, there is nothing to do. If not, set a new one at once, and tell your provider.',
    ],
    action: 'It was not me: set a new password',
    reason: 'You get this because you have a sign-in at {store}. Mails about its safety cannot be turned off.',
  },
  second_factor_added: {
    subject: 'Signing in at {store} now asks for a code',
    preview: 'A second factor was set up.',
    title: 'A second factor was set up',
    paragraphs: [
      'Your sign-in at {store} asks for a code of an authenticator app from now on.',
      'If it was you, there is nothing to do; keep the recovery codes. If not, tell your provider, who can take it away, and set a new password.',
    ],
    action: 'It was not me: set a new password',
    reason: 'You get this because you have a sign-in at {store}. Mails about its safety cannot be turned off.',
  },
  second_factor_removed: {
    subject: 'Signing in at {store} no longer asks for a code',
    preview: 'The second factor was taken away.',
    title: 'The second factor was taken away',
    paragraphs: [
      'Your sign-in at {store} does not ask for a code any more: your password alone opens it.',
      'If you or your administrator did this, there is nothing to do. If not, set a new password at once, and tell your provider.',
    ],
    action: 'It was not me: set a new password',
    reason: 'You get this because you have a sign-in at {store}. Mails about its safety cannot be turned off.',
  },
}

/** English is complete; other languages join here, each with every message. */
const catalogues: ReadonlyMap<string, Catalogue> = new Map([['en', en]])

/** A mail's texts in a language (BCP 47), else in English, with the name filled in. */
export function mailText(
  message: MailMessage,
  language: string,
  store: string,
): MailText & { linkHint: string; language: string } {
  const wanted = language.toLowerCase().split('-')[0] ?? 'en'
  const known = catalogues.has(wanted) ? wanted : 'en'
  const catalogue = catalogues.get(known) ?? en
  const text = catalogue[message]
  // A function, so that a `$&` in a name stays text.
  const fill = (line: string) => line.replaceAll('{store}', () => store)
  return {
    subject: fill(text.subject),
    preview: fill(text.preview),
    title: fill(text.title),
    paragraphs: text.paragraphs.map(fill),
    action: fill(text.action),
    reason: fill(text.reason),
    linkHint: catalogue.linkHint,
    language: known,
  }
}
