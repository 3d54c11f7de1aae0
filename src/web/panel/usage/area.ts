/** The pages of this area, loaded together: usage, alerts. */
import { alerts as alertTexts } from '../../messages/en/alerts.ts'
import { quotas } from '../../messages/en/quotas.ts'
import { addMessages } from '../texts.ts'

addMessages('en', quotas, alertTexts)

export * as alerts from './alerts.tsx'
export * as clientUsage from './client-usage.tsx'
