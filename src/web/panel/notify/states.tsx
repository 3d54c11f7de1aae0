import { Badge } from '../../design/badge.tsx'
import type { Tone } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Delivery, Webhook } from './types.ts'

const TONES: Readonly<Record<Delivery['status'], Tone | undefined>> = {
  waiting: 'info',
  delivered: 'ok',
  failed: 'bad',
  cancelled: undefined,
}

export function DeliveryState({ delivery: { status, attempts } }: { delivery: Delivery }) {
  const { t } = useText()
  // Tried and not taken: it waits for its next try.
  if (status === 'waiting' && attempts > 0) return <Badge tone="warn">{t('deliveries.status_retrying')}</Badge>
  return <Badge tone={TONES[status]}>{t(`deliveries.status_${status}`)}</Badge>
}

export function WebhookState({ webhook: { enabled, disabledReason } }: { webhook: Webhook }) {
  const { t } = useText()
  if (disabledReason === 'gone') return <Badge tone="bad">{t('webhooks.gone')}</Badge>
  return <Badge tone={enabled ? 'ok' : undefined}>{t(enabled ? 'notify.on' : 'notify.off')}</Badge>
}
