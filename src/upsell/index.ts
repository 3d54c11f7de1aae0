export { createUpsell } from './create-upsell.ts'
export { mintDemoToken } from './demo-token-view.ts'
export { type MailReader, STOP_MAILS_PATH, type StopLinks } from './stop-mails.ts'
