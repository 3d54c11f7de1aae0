import { Badge } from '../../design/badge.tsx'
import { useNow } from '../../design/use-now.ts'
import { useText } from '../../messages/use-text.ts'
import type { Discount } from './types.ts'

/** Whether new orders get it now. */
export function State({ discount: { active, startsAt, endsAt } }: { discount: Discount }) {
  const { t, date } = useText()
  const now = useNow()
  if (!active) return <Badge>{t('discounts.switched_off')}</Badge>
  if (startsAt && Date.parse(startsAt) > now)
    return <Badge tone="info">{t('discounts.waiting', { at: date(startsAt) })}</Badge>
  if (endsAt && Date.parse(endsAt) <= now) return <Badge>{t('discounts.ended', { at: date(endsAt) })}</Badge>
  return <Badge tone="ok">{t('discounts.on')}</Badge>
}
