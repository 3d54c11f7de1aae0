/** The pages of webhooks, deliveries and notices, loaded together. */
import { notify } from '../../messages/en/notify.ts'
import { addMessages } from '../texts.ts'

addMessages('en', notify)

export * as deliveries from './deliveries.tsx'
export * as delivery from './delivery.tsx'
export * as newWebhook from './new-webhook.tsx'
export * as notices from './notices.tsx'
export * as webhook from './webhook.tsx'
export * as webhooks from './webhooks.tsx'
