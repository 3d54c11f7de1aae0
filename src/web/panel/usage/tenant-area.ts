/** Usage and quotas of one tenant, as staff set them. */
import { editing } from '../../messages/en/editing.ts'
import { quotas } from '../../messages/en/quotas.ts'
import { addMessages } from '../texts.ts'

addMessages('en', editing, quotas)

export * as tenantUsage from './tenant-usage.tsx'
