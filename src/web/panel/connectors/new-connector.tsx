import { useState } from 'react'
import { ButtonLink } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ConnectorForm } from './connector-form.tsx'
import { Secret } from './secret.tsx'
import type { Connector } from './types.ts'

/** A new service; when it is there, its secret, once. */
export function Component() {
  const { t } = useText()
  const [made, setMade] = useState<Connector | null>(null)
  return (
    <Page
      aboveTitle={<BackLink to="/portal/connectors">{t('connectors.title')}</BackLink>}
      title={made?.name ?? t('connectors.add')}
      lead={made ? null : t('connectors.empty')}
    >
      {made ? (
        <div className="stack">
          {made.secret ? <Secret secret={made.secret} /> : null}
          <p>
            <ButtonLink look="primary" to={`/portal/connectors/${made.name}`}>
              {t('connectors.go_on')}
            </ButtonLink>
          </p>
        </div>
      ) : (
        <ConnectorForm connector={null} onSaved={setMade} />
      )}
    </Page>
  )
}
