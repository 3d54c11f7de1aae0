import { Copyable } from '../../design/copy.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'

/** A signing secret, shown this once. */
export function Secret({ secret }: { secret: string }) {
  const { t } = useText()
  return (
    <Notice tone="warn" live title={t('webhooks.secret_title')}>
      <p>{t('webhooks.secret_once')}</p>
      <p>
        <Copyable value={secret} name={t('webhooks.secret')} />
      </p>
    </Notice>
  )
}
