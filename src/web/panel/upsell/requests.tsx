import { useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Empty } from '../../design/empty.tsx'
import { Mail } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Pager } from '../../design/pager.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { ListTools, StatusFilter } from '../lists.tsx'
import { Page } from '../page.tsx'
import { usageText } from '../quota.ts'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { fieldError } from '../problems.tsx'
import type { Page as ListPage } from '../types.ts'
import type { Answer } from '../upgrade/types.ts'
import { usageLabel } from '../usage-name.ts'

interface Request {
  readonly id: string
  readonly account: { readonly id: string; readonly name: string }
  readonly by: { readonly name: string; readonly email: string } | null
  readonly answer: Answer
  readonly question: string
  readonly askedAt: string
  readonly reply: string
  readonly answeredAt: string | null
  readonly answeredBy: string | null
  readonly isOrdered: boolean
}

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Request>>(request, '/offer-requests', wishesOf(request, 'status'))

/** Whoever would rather be called than buy, with what they were shown; answered here. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const status = useSearch().get('status') ?? ''
  return (
    <Page title={t('requests.title')} lead={t('requests.lead')}>
      <ListTools
        page={page}
        filter={
          <StatusFilter
            label={t('requests.filter')}
            options={[
              { value: '', label: t('requests.all') },
              { value: 'open', label: t('requests.open') },
              { value: 'answered', label: t('requests.answered') },
            ]}
          />
        }
      />
      {page.items.length === 0 ? (
        <Empty icon={Mail} title={t('requests.empty_title')}>
          <p>{t(status === '' ? 'requests.empty' : 'requests.none')}</p>
        </Empty>
      ) : (
        page.items.map((request) => <RequestCard key={request.id} request={request} />)
      )}
      <Pager nextCursor={page.nextCursor} />
    </Page>
  )
}

function RequestCard({ request }: { request: Request }) {
  const text = useText()
  const { t } = text
  const { account, by, answer, question, askedAt, reply, answeredAt, answeredBy, isOrdered } = request
  const [offer] = answer.offers
  return (
    <article className="card stack" aria-labelledby={`request-${request.id}`}>
      <div className="cluster spread">
        <h2 id={`request-${request.id}`}>
          <Link to={`/portal/accounts/${account.id}`}>{account.name}</Link>
        </h2>
        <Badge tone={answeredAt !== null ? 'ok' : 'warn'}>
          {t(answeredAt === null ? 'requests.open' : 'requests.answered')}
        </Badge>
      </div>
      <p className="small quiet">
        {by === null ? t('requests.by_program') : `${by.name} ${by.email}`} · <When at={askedAt} />
        {isOrdered ? ` · ${t('requests.ordered')}` : ''}
      </p>
      {question === '' ? null : <blockquote>{question}</blockquote>}
      <ul>
        {answer.items.map(({ usageName, of, used, value }) => (
          <li key={`${of} ${usageName}`}>
            {usageLabel(text, usageName)}:{' '}
            {t('usage.of', {
              used: usageText(text, usageName, Number(used)),
              value: usageText(text, usageName, Number(value ?? 0)),
            })}
          </li>
        ))}
      </ul>
      <p>
        {offer
          ? t('requests.offered', {
              today: text.money(offer.today, { code: true }),
              recurring: text.money(offer.recurringAfter, { code: true }),
            })
          : t('requests.nothing_offered')}
      </p>
      {answeredAt === null ? (
        <Reply request={request} />
      ) : (
        <div className="stack stack-1">
          <p className="small quiet">
            {t('requests.answered_by', { name: answeredBy ?? t('none') })} <When at={answeredAt} />
          </p>
          <blockquote>{reply}</blockquote>
        </div>
      )}
    </article>
  )
}

function Reply({ request: { id, account } }: { request: Request }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const save = useCallback(
    async (value: Values, key: string) => {
      await call(`/offers/${id}/answer`, { method: 'POST', idempotencyKey: key, body: { reply: value(`reply-${id}`) } })
      await revalidate()
    },
    [id, revalidate],
  )
  return (
    <SaveForm save={save} submit={t('requests.send')}>
      {(error) => (
        <AreaField
          label={t('requests.reply', { account: account.name })}
          name={`reply-${id}`}
          hint={t('requests.reply_hint')}
          rows={3}
          error={fieldError(error, 'reply')}
        />
      )}
    </SaveForm>
  )
}
