/** The pages of selling at the quota, for staff, loaded together. */
import { figures } from '../../messages/en/figures.ts'
import { setup } from '../../messages/en/setup.ts'
import { upsell } from '../../messages/en/upsell.ts'
import { usage } from '../../messages/en/usage.ts'
import { addMessages } from '../texts.ts'

addMessages('en', figures, setup, usage, upsell)

export * as newPlatform from './new-platform.tsx'
export * as platform from './platform.tsx'
export * as performance from './performance.tsx'
export * as platforms from './platforms.tsx'
export * as requests from './requests.tsx'
