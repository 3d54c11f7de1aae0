import { HeldNotice } from './held-notice.tsx'
import { UsageNotice } from './usage-notice.tsx'

/** What a customer should know on every page. */
export const ClientNotices = () => (
  <>
    <HeldNotice />
    <UsageNotice />
  </>
)
