import { type FormEvent, useCallback, useState } from 'react'
import { useLoaderData } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { can, loadSession, refreshSession, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { LogoField } from './logo-field.tsx'
import { BuyUrlSection } from './buy-url-section.tsx'
import { LegalSection, LookSection, SupportSection } from './look-sections.tsx'
import { MailSection } from './mail-section.tsx'
import { Preview } from './preview.tsx'
import type { BrandOptions, BrandView } from './types.ts'

export async function loader(): Promise<BrandView> {
  const { tenant } = await loadSession()
  return call<BrandView>(`/brands/${tenant?.id}`)
}

/** What differs from what is stored: nothing else is sent, so nothing else is overwritten. */
const changesOf = (stored: BrandOptions, edited: BrandOptions): Partial<BrandOptions> =>
  Object.fromEntries(
    Object.entries(edited).filter(([name, value]) => stored[name as keyof BrandOptions] !== value),
  ) as Partial<BrandOptions>

/** The look, the Buy URL and the mail server of a reseller, with what customers will see of it beside. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const mayWrite = can(session, 'brands:write')
  const [brand, setBrand] = useState(useLoaderData<typeof loader>())
  const [options, setOptions] = useState(brand.options)
  const [saved, setSaved] = useState(false)
  const { tenantId, version } = brand
  const changes = changesOf(brand.options, options)

  const keep = useCallback(async (next: BrandView, isSaved: boolean) => {
    setBrand(next)
    setOptions(next.options)
    setSaved(isSaved)
    // The frame around this page carries the brand too.
    await refreshSession()
  }, [])
  const write = useOperation(
    useCallback(
      async (_key: string, body: { enabled?: boolean; options?: Partial<BrandOptions> }) =>
        keep(await call<BrandView>(`/brands/${tenantId}`, { method: 'PUT', ifMatch: version, body }), true),
      [tenantId, version, keep],
    ),
  )
  const change = (part: Partial<BrandOptions>): void => {
    setSaved(false)
    setOptions((now) => ({ ...now, ...part }))
  }
  const editing = { options, change, errorOf: (field: string) => fieldError(write.error, `options.${field}`) }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void write.run({ options: changes })
  }
  const preview = <Preview options={options} logoUrl={brand.logoUrl} tenantName={brand.tenantName} />

  return (
    <Page
      title={t('brand.title')}
      lead={t('brand.lead')}
      actions={
        brand.enabled && mayWrite ? (
          <Button look="quiet" pending={write.pending} onClick={() => void write.run({ enabled: false })}>
            {t('brand.disable')}
          </Button>
        ) : null
      }
    >
      {brand.enabled ? null : (
        <Notice tone="warn" title={t('brand.not_enabled_title')}>
          <p>{t('brand.not_enabled')}</p>
          {mayWrite ? (
            <div>
              <Button
                look="primary"
                pending={write.pending}
                onClick={() => void write.run({ enabled: true, options: changes })}
              >
                {t('brand.enable')}
              </Button>
            </div>
          ) : null}
        </Notice>
      )}
      {brand.mailFailure ? (
        <Notice tone="bad" title={t('brand.mail_failed_title')}>
          <p>{t('brand.mail_failed')}</p>
          <p className="mono">{brand.mailFailure.reason}</p>
          <p>
            <When at={brand.mailFailure.at} plain />
          </p>
        </Notice>
      ) : null}
      <ErrorSummary error={write.error} failures={write.failures} />
      <div className="brand-editor">
        <form className="stack stack-5" onSubmit={submit}>
          <fieldset className="stack stack-5 bare" disabled={!mayWrite}>
            <LookSection {...editing}>
              <LogoField brand={brand} onChange={(next) => keep(next, true)} />
            </LookSection>
            <BuyUrlSection {...editing} />
            <SupportSection {...editing} />
            <LegalSection {...editing} />
            <MailSection {...editing} brand={brand} />
          </fieldset>
          {mayWrite ? (
            <div className="save-bar">
              <Button type="submit" look="primary" pending={write.pending}>
                {t('brand.save')}
              </Button>
              <p role="status" className="muted">
                {saved ? t('brand.saved') : Object.keys(changes).length > 0 ? t('brand.unsaved') : ''}
              </p>
            </div>
          ) : null}
        </form>
        <aside className="brand-preview" aria-label={t('brand.preview')}>
          {preview}
        </aside>
      </div>
    </Page>
  )
}
