/** Customers, plans with their links, mail: loaded together. */
export * as account from './account.tsx'
export * as accounts from './accounts.tsx'
export * as mail from './mail.tsx'
export * as outbox from './outbox.tsx'
export * as plans from './plans.tsx'
