import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { History } from '../history.tsx'
import { can, useSession } from '../session.ts'
import type { Store } from '../setup/types.ts'

export const loader = ({ params }: LoaderFunctionArgs) =>
  params['storeId'] === 'new' ? null : call<Store>(`/stores/${params['storeId']}`)

/** One store: its name, domains, status, documents and where the money goes; or a new one. */
export function Component() {
  const { t } = useText()
  const store = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const body = {
        name: value('name'),
        status: value('status') || 'active',
        domains: value('domains').split(/\s+/).filter(Boolean),
        externalApplicationUrl: value('external_application_url') || null,
        termsUrl: value('terms_url') || null,
        privacyUrl: value('privacy_url') || null,
        bankDetails: value('bank_details'),
      }
      const path = store ? `/stores/${store.id}` : '/stores'
      const made = await call<Store>(path, {
        method: store ? 'PATCH' : 'POST',
        body,
        idempotencyKey: key,
        ...(store && { ifMatch: store.version }),
      })
      setSaved(true)
      if (store) await revalidate()
      else await navigate(`/portal/stores/${made.id}`, { replace: true })
    },
    [store, navigate, revalidate],
  )
  return (
    <Page
      title={store?.name ?? t('stores.add')}
      aboveTitle={<BackLink to="/portal/stores">{t('nav.stores')}</BackLink>}
      actions={
        store?.domains[0] && store.status === 'active' ? (
          <a className="button" href={store.domains[0]}>
            {t('stores.visit')}
          </a>
        ) : null
      }
    >
      <Saved when={saved} />
      <section className="card stack">
        <SaveForm key={store?.version ?? 0} save={save} submit={t(store ? 'setup.save' : 'stores.submit')}>
          {(error) => (
            <>
              <TextField
                label={t('stores.name')}
                name="name"
                required
                defaultValue={store?.name}
                error={fieldError(error, 'name')}
              />
              <AreaField
                label={t('stores.domains')}
                name="domains"
                hint={t('stores.domains_hint')}
                rows={3}
                defaultValue={store?.domains.join('\n') ?? ''}
                error={error?.problems.find(({ path }) => path.startsWith('domains'))?.message}
              />
              <SelectField
                label={t('column.status')}
                name="status"
                defaultValue={store?.status ?? 'active'}
                hint={t('stores.status_hint')}
                options={(['active', 'maintenance', 'inactive'] as const).map((value) => ({
                  value,
                  label: t(`stores.${value}`),
                }))}
              />
              <AreaField
                label={t('stores.bank')}
                name="bank_details"
                hint={t('stores.bank_hint')}
                defaultValue={store?.bankDetails ?? ''}
                error={fieldError(error, 'bank_details')}
              />
              <TextField
                label={t('stores.terms')}
                name="terms_url"
                inputMode="url"
                defaultValue={store?.termsUrl ?? ''}
                error={fieldError(error, 'terms_url')}
              />
              <TextField
                label={t('stores.privacy')}
                name="privacy_url"
                inputMode="url"
                defaultValue={store?.privacyUrl ?? ''}
                error={fieldError(error, 'privacy_url')}
              />
              <TextField
                label={t('stores.external')}
                name="external_application_url"
                inputMode="url"
                hint={t('stores.external_hint')}
                defaultValue={store?.externalApplicationUrl ?? ''}
                error={fieldError(error, 'external_application_url')}
              />
            </>
          )}
        </SaveForm>
      </section>
      {store ? <InfoPages store={store} /> : null}
      {store ? <History kind="store" id={store.id} version={store.version} /> : null}
    </Page>
  )
}

function InfoPages({ store }: { store: Store }) {
  const { t } = useText()
  const session = useSession()
  const at = (slug: string): string => `/portal/stores/${store.id}/pages/${slug}`
  return (
    <section className="stack" aria-labelledby="pages">
      <div className="section-title">
        <h2 id="pages">{t('pages.title')}</h2>
        {can(session, 'stores:write') ? <Link to={at('new')}>{t('pages.add')}</Link> : null}
      </div>
      {store.pages.length === 0 ? (
        <p className="muted">
          {t('pages.none')} {t('pages.lead')}
        </p>
      ) : (
        <Table
          caption={t('pages.title')}
          rows={store.pages}
          rowKey={({ slug }) => slug}
          columns={[
            {
              key: 'title',
              label: t('pages.heading'),
              cell: ({ slug, title }) => (
                <Link className="row-link" to={at(slug)}>
                  {title}
                </Link>
              ),
            },
            { key: 'slug', label: t('pages.address'), cell: ({ slug }) => <code>/info/{slug}</code> },
            {
              key: 'status',
              label: t('column.status'),
              cell: ({ published }) => (
                <Badge tone={published ? 'ok' : undefined}>{t(published ? 'pages.shown' : 'pages.hidden')}</Badge>
              ),
            },
          ]}
        />
      )}
    </section>
  )
}
