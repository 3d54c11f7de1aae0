import { useCallback, useEffect, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { CheckField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError, sentenceOf } from '../problems.tsx'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { can, useSession } from '../session.ts'
import type { InfoPage, Store } from '../setup/types.ts'
import { useOperation } from '../use-operation.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const store = await call<Store>(`/stores/${params['storeId']}`)
  const page = store.pages.find(({ slug }) => slug === params['slug']) ?? null
  if (!page && params['slug'] !== 'new') throw new Response(null, { status: 404 })
  return { store, page }
}

/** `Terms of service` → `terms-of-service`. */
const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9\s-]/g, '')
    .trim()
    .replace(/[\s-]+/g, '-')

/** One information page, written in Markdown, and beside it how the store shows it. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const { store, page } = useLoaderData<typeof loader>()
  const [body, setBody] = useState(page?.body ?? '')
  const [saved, setSaved] = useState(false)
  const home = `/portal/stores/${store.id}`
  const write = useCallback(
    (pages: readonly InfoPage[], key: string) =>
      call(`/stores/${store.id}/pages`, {
        method: 'PUT',
        body: { pages },
        ifMatch: store.version,
        idempotencyKey: key,
      }),
    [store.id, store.version],
  )
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const title = value('title')
      const next = {
        title,
        slug: value('slug') || slugOf(title),
        body: value('body'),
        published: value('published') === 'on',
      }
      const index = page ? store.pages.findIndex(({ slug }) => slug === page.slug) : store.pages.length
      try {
        await write(page ? store.pages.with(index, next) : [...store.pages, next], key)
      } catch (cause) {
        throw cause instanceof ApiError ? ofPage(cause, index) : cause
      }
      setSaved(true)
      if (page?.slug === next.slug) await revalidate()
      else await navigate(`${home}/pages/${next.slug}`, { replace: true })
    },
    [store.pages, page, home, write, navigate, revalidate],
  )
  return (
    <Page
      title={page?.title ?? t('pages.add')}
      aboveTitle={<BackLink to={home}>{store.name}</BackLink>}
      actions={
        page ? (
          <>
            {page.published && store.domains[0] ? (
              <a className="button" href={`${store.domains[0]}/info/${page.slug}`} target="_blank" rel="noreferrer">
                {t('pages.view')}
              </a>
            ) : null}
            {can(session, 'stores:write') ? (
              <Remove
                page={page}
                remove={async (key) => {
                  await write(
                    store.pages.filter(({ slug }) => slug !== page.slug),
                    key,
                  )
                  await navigate(home)
                }}
              />
            ) : null}
          </>
        ) : null
      }
    >
      <Saved when={saved} />
      <div className="halves">
        <section className="card stack">
          <SaveForm key={`${page?.slug}${store.version}`} save={save} submit={t(page ? 'setup.save' : 'pages.submit')}>
            {(error) => (
              <>
                <TextField
                  label={t('pages.heading')}
                  name="title"
                  required
                  autoComplete="off"
                  defaultValue={page?.title}
                  error={fieldError(error, 'title')}
                />
                <TextField
                  label={t('pages.slug')}
                  name="slug"
                  autoComplete="off"
                  hint={t('pages.slug_hint')}
                  defaultValue={page?.slug}
                  error={fieldError(error, 'slug')}
                />
                <AreaField
                  label={t('pages.body')}
                  name="body"
                  hint={t('pages.body_hint')}
                  rows={18}
                  defaultValue={page?.body ?? ''}
                  onChange={setBody}
                  error={fieldError(error, 'body')}
                />
                <CheckField label={t('pages.published')} name="published" defaultChecked={page?.published ?? true} />
              </>
            )}
          </SaveForm>
        </section>
        <Preview body={body} />
      </div>
    </Page>
  )
}

/** Problems of the list as problems of the one page that is edited: `pages.2.slug` is its `slug`. */
function ofPage(error: ApiError, index: number): ApiError {
  const errors = error.problems.map(({ path, ...rest }) => ({ ...rest, path: path.replace(`pages.${index}.`, '') }))
  return new ApiError(error.status, { ...error.body, errors })
}

/** Typing pauses this long before the preview follows. */
const PAUSE_MS = 300

function Preview({ body }: { body: string }) {
  const text = useText()
  const { t } = text
  const [shown, setShown] = useState({ html: '', failure: '' })
  useEffect(() => {
    const gone = new AbortController()
    const timer = setTimeout(() => {
      call<{ html: string }>('/page-previews', { method: 'POST', body: { body }, signal: gone.signal }).then(
        ({ html }) => setShown({ html, failure: '' }),
        (error: unknown) => {
          if (error instanceof ApiError) setShown({ html: '', failure: sentenceOf(text, error) })
        },
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [body, text])
  return (
    <section className="card stack" aria-labelledby="preview">
      <h2 id="preview">{t('pages.preview')}</h2>
      {shown.failure ? <p className="field-error">{shown.failure}</p> : null}
      {shown.html === '' ? <p className="muted">{t('pages.preview_empty')}</p> : null}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made by the server from Markdown, which lets no HTML through */}
      <div className="prose" dangerouslySetInnerHTML={{ __html: shown.html }} />
    </section>
  )
}

function Remove({ page, remove }: { page: InfoPage; remove: (key: string) => Promise<void> }) {
  const { t } = useText()
  const [isAsking, setAsking] = useState(false)
  const operation = useOperation(remove)
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
        {t('pages.remove')}
      </Button>
      <Dialog title={t('pages.remove_title', { title: page.title })} isOpen={isAsking} onClose={() => setAsking(false)}>
        <div className="stack">
          <ErrorSummary error={operation.error} failures={operation.failures} />
          <p>{t('pages.remove_text')}</p>
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('pages.keep')}</Button>
            <Button look="danger" pending={operation.pending} onClick={() => void operation.run()}>
              {t('pages.remove')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
