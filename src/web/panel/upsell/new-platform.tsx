import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { PlatformForm } from './platform-form.tsx'

/** Registers a platform; then its page says whether it can be followed. */
export function Component() {
  const { t } = useText()
  const navigate = useNavigate()
  const go = useCallback(
    async (name: string) => {
      await navigate(`/portal/platforms/${name}`)
    },
    [navigate],
  )
  return (
    <Page
      aboveTitle={<BackLink to="/portal/platforms">{t('platforms.title')}</BackLink>}
      title={t('platforms.add')}
      lead={t('platforms.empty')}
    >
      <section className="card stack">
        <PlatformForm platform={null} onSaved={go} />
      </section>
    </Page>
  )
}
