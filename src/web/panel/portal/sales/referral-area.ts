/** The referral programme and its partners. */
import { figures } from '../../../messages/en/figures.ts'
import { sales } from '../../../messages/en/sales.ts'
import { addMessages } from '../../texts.ts'

addMessages('en', figures, sales)

export * as programs from './programs.tsx'
export * as referrals from './referrals.tsx'
