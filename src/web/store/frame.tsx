import type { ReactNode } from 'react'
import { BrandMark } from '../design/brand-mark.tsx'
import { useText } from '../messages/use-text.ts'
import type { PageProps } from './props.ts'

/** Header, content and footer around every store page. */
export function StoreFrame({ page, children }: { page: PageProps; children: ReactNode }) {
  const { t } = useText()
  return (
    <>
      <a className="skip-link" href="#main">
        {t('skip.to_content')}
      </a>
      <header className="site-head">
        {page.demonstration ? <p className="demo-strip">{t('demo.strip')}</p> : null}
        <div className="page site-head-row">
          <BrandMark name={page.brand.serviceName} logoUrl={page.brand.logoUrl} href={page.store ? '/' : null} />
          {page.store ? (
            <nav className="cluster" aria-label={t('store.products')}>
              <a className="site-link hide-on-phone" href="/">
                {t('store.products')}
              </a>
              <a className="button button-small" href="/client">
                {t('store.account')}
              </a>
            </nav>
          ) : null}
        </div>
      </header>
      <main id="main" className="page site-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="site-foot">
        <div className="page cluster spread">
          <p>{t('footer.sold_by', { name: page.brand.companyName ?? page.brand.serviceName })}</p>
          <ul className="cluster">
            {page.termsUrl ? <FootLink href={page.termsUrl}>{t('footer.terms')}</FootLink> : null}
            {page.privacyUrl ? <FootLink href={page.privacyUrl}>{t('footer.privacy')}</FootLink> : null}
            {page.pages.map(({ title, url }) => (
              <FootLink key={url} href={url}>
                {title}
              </FootLink>
            ))}
            {page.brand.supportUrl ? <FootLink href={page.brand.supportUrl}>{t('footer.support')}</FootLink> : null}
            {page.brand.supportPhone ? (
              <FootLink href={`tel:${page.brand.supportPhone.replace(/[^+\d]/g, '')}`}>
                {page.brand.supportPhone}
              </FootLink>
            ) : null}
          </ul>
        </div>
      </footer>
    </>
  )
}

function FootLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <li>
      <a href={href}>{children}</a>
    </li>
  )
}
