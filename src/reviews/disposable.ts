import { createRequire } from 'node:module'

/** Domains of throw-away mailboxes, as the MailChecker project keeps them (MIT), some 56,000. */
let domains: ReadonlySet<string> | undefined

/** Read when the first trial is looked at: a server that sells none needs no megabyte for it. */
function known(): ReadonlySet<string> {
  // The package is CommonJS and says nothing of its types that we need.
  const checker = createRequire(import.meta.url)('mailchecker') as { blacklist(): Iterable<string> }
  return (domains ??= new Set(checker.blacklist()))
}

/** The domain of a throw-away mailbox that an address is at, itself or above it; undefined for any other. */
export function disposableDomain(email: string): string | undefined {
  const labels = email
    .slice(email.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.')
  const candidates = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  return candidates.find((domain) => known().has(domain))
}
