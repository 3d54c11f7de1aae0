import { Notice } from '../design/notice.tsx'
import { useText } from '../messages/use-text.ts'

/** Says that it is saved, once it is. */
export function Saved({ when }: { when: boolean }) {
  const { t } = useText()
  return when ? (
    <Notice tone="ok" live>
      <p>{t('setup.saved')}</p>
    </Notice>
  ) : null
}
