import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { useSession } from '../session.ts'

/** Why nothing can be ordered, while the account is on administrative hold. */
export function HeldNotice() {
  const { t } = useText()
  const { account } = useSession()
  return account?.holdReason ? (
    <Notice tone="warn" title={t('home.held_title')}>
      <p>{t('home.held', { reason: account.holdReason })}</p>
    </Notice>
  ) : null
}
