import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Arrival } from './types.ts'

/** Said where what another platform knows is not what the page shows. */
export function FromPlatform({
  arrival: { title, isKnown, isStale, asOf },
  account,
}: {
  arrival: Arrival
  account: string
}) {
  const text = useText()
  const { t } = text
  if (!isKnown)
    return (
      <Notice tone="warn">
        <p>{t('upgrade.platform_unknown', { account, platform: title })}</p>
      </Notice>
    )
  if (!isStale) return null
  return (
    <Notice tone="warn">
      <p>{t('upgrade.platform_stale', { platform: title, at: asOf === null ? t('none') : text.instant(asOf) })}</p>
    </Notice>
  )
}
