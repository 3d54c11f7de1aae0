import { Copyable } from '../../design/copy.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'

/** What a service's requests are signed with, shown this once. */
export function Secret({ secret }: { secret: string }) {
  const { t } = useText()
  return (
    <Notice tone="warn" live title={t('connectors.secret_title')}>
      <p>{t('connectors.secret_once')}</p>
      <p>
        <Copyable value={secret} name={t('connectors.secret')} />
      </p>
    </Notice>
  )
}
