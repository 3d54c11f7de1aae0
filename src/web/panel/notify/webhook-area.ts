/** The pages of webhooks, loaded together. */
import { notify } from '../../messages/en/notify.ts'
import { addMessages } from '../texts.ts'

addMessages('en', notify)

export * as newWebhook from './new-webhook.tsx'
export * as webhook from './webhook.tsx'
export * as webhooks from './webhooks.tsx'
