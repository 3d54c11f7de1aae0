import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { Empty } from '../../design/empty.tsx'
import { TextField } from '../../design/field.tsx'
import { CircleCheck } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { List, StatusFilter } from '../lists.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'

interface Review {
  readonly id: string
  readonly kind: 'trial' | 'credit_hold'
  readonly status: 'open' | 'approved' | 'refused' | 'withdrawn'
  readonly reasons: readonly {
    readonly code: 'disposable_address' | 'repeated_payer' | 'credit_hold'
    readonly detail: string
  }[]
  readonly account: { readonly id: string; readonly name: string }
  readonly subscription: { readonly id: string; readonly name: string }
  readonly createdAt: string
  readonly decidedBy: string | null
  readonly decidedReason: string
}

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Review>>(request, '/reviews', wishesOf(request, 'status', 'query'))

const TONES = { open: 'warn', approved: 'ok', refused: 'bad', withdrawn: undefined } as const

/** What a person should decide about, and what was decided. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const mayDecide = can(session, 'reviews:write')
  return (
    <Page title={t('nav.reviews')} lead={t('reviews.lead')}>
      <List
        caption={t('nav.reviews')}
        filter={
          <>
            <SearchBox label={t('search.customers')} />
            <StatusFilter
              label={t('filter.status')}
              options={[
                { value: '', label: t('filter.all') },
                ...(['open', 'approved', 'refused', 'withdrawn'] as const).map((value) => ({
                  value,
                  label: t(`reviews.${value}`),
                })),
              ]}
            />
          </>
        }
        page={page}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'account',
            sort: 'customer',
            label: t('column.customer'),
            cell: ({ account }) => (
              <Link className="row-link" to={`/portal/accounts/${account.id}`}>
                {account.name}
              </Link>
            ),
          },
          {
            key: 'trial',
            label: t('reviews.subscription'),
            cell: ({ subscription }) => (
              <Link to={`/portal/subscriptions/${subscription.id}`}>{subscription.name}</Link>
            ),
          },
          {
            key: 'why',
            label: t('reviews.reasons'),
            cell: ({ reasons }) => reasons.map(({ code, detail }) => t(`reviews.${code}`, { detail })).join('; '),
          },
          {
            key: 'since',
            sort: 'created_at',
            label: t('reviews.since'),
            cell: ({ createdAt }) => <When at={createdAt} />,
          },
          {
            key: 'status',
            sort: 'status',
            label: t('column.status'),
            cell: ({ status, decidedBy, decidedReason }) => (
              <>
                <Badge tone={TONES[status]}>{t(`reviews.${status}`)}</Badge>
                {decidedBy === null ? null : (
                  <small className="quiet">
                    {' '}
                    {decidedBy}: {decidedReason}
                  </small>
                )}
              </>
            ),
          },
          {
            key: 'decide',
            label: t('column.actions'),
            actions: true,
            cell: (review) =>
              mayDecide && review.status === 'open' ? (
                <div className="cluster">
                  <Decide review={review} word="approve" />
                  <Decide review={review} word="refuse" />
                </div>
              ) : null,
          },
        ]}
        empty={
          <Empty icon={CircleCheck} title={t('reviews.empty_title')}>
            <p>{t('reviews.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

function Decide({ review: { id, kind, account, subscription }, word }: { review: Review; word: 'approve' | 'refuse' }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isAsking, setAsking] = useState(false)
  const save = useCallback(
    async (value: Values, key: string) => {
      await call(`/reviews/${id}/decision`, {
        method: 'POST',
        body: { status: word === 'approve' ? 'approved' : 'refused', reason: value('reason') },
        idempotencyKey: key,
      })
      setAsking(false)
      await revalidate()
    },
    [id, word, revalidate],
  )
  return (
    <>
      <Button size="small" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
        {t(`reviews.${word}`)}
        <span className="visually-hidden">
          {' '}
          {subscription.name}, {account.name}
        </span>
      </Button>
      <Dialog
        title={t(`reviews.${word}_title`, { what: subscription.name, name: account.name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <div className="stack">
          <p>{t(`reviews.${word}_${kind}`)}</p>
          <SaveForm save={save} submit={t(`reviews.${word}`)}>
            {(error) => (
              <TextField
                label={t('reviews.reason')}
                name="reason"
                hint={t('reviews.reason_hint')}
                required
                maxLength={500}
                autoComplete="off"
                error={fieldError(error, 'reason')}
              />
            )}
          </SaveForm>
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('dialog.not_now')}</Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
