export { type Figures, figuresOf } from './figures-view.ts'
export { findReport, type PartnerReport } from './find-report.ts'
export { referralRoutes } from './routes.ts'
export { rewardSubscriber, settleOpenRewards, settleRewards } from './settle-rewards.ts'
