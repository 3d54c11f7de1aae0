import { Badge } from '../../design/badge.tsx'
import { useText } from '../../messages/use-text.ts'

const TONES = { active: 'ok', draft: 'info', retired: 'warn' } as const

/** Whether a plan is on sale. */
export function PlanStatus({ status }: { status: string }) {
  const { t } = useText()
  const known = status === 'active' || status === 'retired' ? status : 'draft'
  return <Badge tone={TONES[known]}>{t(`plan.${known}`)}</Badge>
}
