import { Badge } from '../design/badge.tsx'
import type { Tone } from '../design/notice.tsx'
import type { MessageKey } from '../messages/catalogue.ts'
import { records } from '../messages/en/records.ts'
import { useText } from '../messages/use-text.ts'

/** Tone of every status: waiting for a person is a warning, under way is information, failed is bad. */
const TONES: Readonly<Record<string, Tone>> = {
  waiting_for_payment: 'warn',
  processing: 'info',
  provisioning: 'info',
  provisioning_failed: 'bad',
  completed: 'ok',
  paid_from_balance: 'ok',
  active: 'ok',
  ordered: 'warn',
  installing: 'info',
  activating: 'info',
  updating: 'info',
  renewing: 'info',
  graced: 'warn',
  stopping: 'info',
  stopped: 'bad',
  credit_hold: 'bad',
  administrative_hold: 'bad',
  queued: 'info',
  sent: 'ok',
  failed: 'bad',
}

/** A status as a badge, in the words of its kind; a status new to us is shown as it is. */
export function Status({
  kind,
  value,
}: {
  kind: 'order' | 'payment' | 'subscription' | 'account' | 'mail'
  value: string
}) {
  const { t } = useText()
  const key = `status.${kind}.${value}`
  const tone = TONES[value] ?? (value.endsWith('_failed') ? 'bad' : undefined)
  return <Badge tone={tone}>{key in records ? t(key as MessageKey) : value.replaceAll('_', ' ')}</Badge>
}
