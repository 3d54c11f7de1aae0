/** Domains of throw-away mailboxes, as the MailChecker project keeps them (MIT), some 56,000. */
let domains: Promise<ReadonlySet<string>> | undefined

/** Read when the first trial is looked at: a server that sells none needs no megabyte for it. */
const known = (): Promise<ReadonlySet<string>> =>
  (domains ??= import('mailchecker').then(({ default: checker }) => new Set<string>(checker.blacklist())))

/** The domain of a throw-away mailbox that an address is at, itself or above it; undefined for any other. */
export async function disposableDomain(email: string): Promise<string | undefined> {
  const labels = email
    .slice(email.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.')
  const candidates = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  const all = await known()
  return candidates.find((domain) => all.has(domain))
}
