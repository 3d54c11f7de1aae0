import { Facts } from '../../design/lines.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'

/** A document that somebody of the account agreed to. */
export interface Acceptance {
  readonly document: 'terms' | 'privacy'
  readonly url: string
  readonly user: { readonly id: string; readonly email: string | null }
  readonly acceptedAt: string
}

/** What was agreed to, and all that is kept of the account as a file. */
export function OwnData({
  accountId,
  acceptances,
  mayExport,
}: {
  accountId: string
  acceptances: readonly Acceptance[]
  mayExport: boolean
}) {
  const { t } = useText()
  return (
    <section className="card stack">
      <h2>{t('profile.accepted')}</h2>
      {acceptances.length === 0 ? (
        <p className="muted">{t('profile.accepted_none')}</p>
      ) : (
        <Facts
          items={acceptances.map(({ document, url, user, acceptedAt }) => ({
            label: t(`profile.document.${document}`),
            value: (
              <>
                <a href={url} target="_blank" rel="noreferrer">
                  {t('profile.document_link')}
                </a>{' '}
                · <When at={acceptedAt} plain /> {user.email ? `· ${user.email}` : null}
              </>
            ),
          }))}
        />
      )}
      {mayExport ? (
        <>
          <h2>{t('profile.export')}</h2>
          <p>{t('profile.export_text')}</p>
          <div>
            <a className="button" href={`/api/v1/accounts/${accountId}/export`} download>
              {t('profile.export_do')}
            </a>
          </div>
        </>
      ) : null}
    </section>
  )
}
