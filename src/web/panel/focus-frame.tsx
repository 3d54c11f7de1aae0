import type { ReactNode } from 'react'
import { BrandMark } from '../design/brand-mark.tsx'
import { useText } from '../messages/use-text.ts'
import { useSession } from './session.ts'
import { Waiting } from './waiting.tsx'

/** A frame without navigation, for what deserves all attention: signing in, a checkout. */
export function FocusFrame({ home, head, children }: { home: string; head?: ReactNode; children: ReactNode }) {
  const { t } = useText()
  const session = useSession()
  return (
    <>
      <Waiting />
      <a className="skip-link" href="#main">
        {t('skip.to_content')}
      </a>
      <header className="site-head">
        {session.demonstration ? <p className="demo-strip">{t('demo.strip')}</p> : null}
        <div className="page focus-head">
          <BrandMark name={session.brand.serviceName} logoUrl={session.brand.logoUrl ?? null} href={home} />
          {head}
        </div>
      </header>
      <main id="main" className="page focus-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="site-foot">
        <div className="page cluster spread">
          <p>{session.store ? t('footer.sold_by', { name: session.store.name }) : session.brand.serviceName}</p>
          <ul className="cluster">
            {session.store?.termsUrl ? (
              <li>
                <a href={session.store.termsUrl}>{t('footer.terms')}</a>
              </li>
            ) : null}
            {session.store?.privacyUrl ? (
              <li>
                <a href={session.store.privacyUrl}>{t('footer.privacy')}</a>
              </li>
            ) : null}
          </ul>
        </div>
      </footer>
    </>
  )
}
