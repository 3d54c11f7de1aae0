import { Badge } from '../../design/badge.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Platform } from './types.ts'

/** Whether a platform is followed. */
export function PlatformState({ platform: { enabled, syncError, syncedAt } }: { platform: Platform }) {
  const { t } = useText()
  if (!enabled) return <Badge>{t('platforms.state_off')}</Badge>
  if (syncError !== null) return <Badge tone="bad">{t('platforms.state_failing')}</Badge>
  return (
    <Badge tone={syncedAt === null ? 'info' : 'ok'}>
      {t(syncedAt === null ? 'platforms.state_new' : 'platforms.state_ok')}
    </Badge>
  )
}
