import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../../design/button.tsx'
import { Copyable } from '../../../design/copy.tsx'
import { Dialog, preloadDialog } from '../../../design/dialog.tsx'
import { Notice } from '../../../design/notice.tsx'
import { When } from '../../../design/values.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { ErrorSummary } from '../../problems.tsx'
import { type Operation, useOperation } from '../../use-operation.ts'
import type { Partner } from './types.ts'

/** The private link: made, told once, replaced or taken back after a question, since the partner may be using it. */
export function ReportLink({ partner }: { partner: Partner }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [url, setUrl] = useState<string | null>(null)
  const path = `/referral-partners/${partner.id}/report-link`
  const make = useOperation(
    useCallback(
      async (key: string) => {
        setUrl((await call<{ url: string }>(path, { method: 'POST', body: {}, idempotencyKey: key })).url)
        await revalidate()
      },
      [path, revalidate],
    ),
  )
  const revoke = useOperation(
    useCallback(async () => {
      await call(path, { method: 'DELETE' })
      setUrl(null)
      await revalidate()
    }, [path, revalidate]),
  )
  return (
    <section className="card stack" aria-labelledby="report-link">
      <h2 id="report-link">{t('referrals.report')}</h2>
      <p>{t('referrals.report_text')}</p>
      <ErrorSummary error={make.error ?? revoke.error} failures={make.failures + revoke.failures} />
      {url ? (
        <Notice tone="ok" live title={t('referrals.report_once')}>
          <Copyable value={url} name={t('referrals.report')} />
        </Notice>
      ) : partner.reportLinkedAt ? (
        <p className="muted">
          {t('referrals.report_made')} <When at={partner.reportLinkedAt} plain />
        </p>
      ) : null}
      <div className="cluster">
        {partner.reportLinkedAt ? (
          <>
            <Asked
              label={t('referrals.report_again')}
              title={t('referrals.report_again_title', { name: partner.name })}
              text={t('referrals.report_again_text')}
              operation={make}
            />
            <Asked
              label={t('referrals.report_revoke')}
              title={t('referrals.report_revoke_title', { name: partner.name })}
              text={t('referrals.report_revoke_text')}
              operation={revoke}
            />
          </>
        ) : (
          <Button pending={make.pending} onClick={() => void make.run()}>
            {t('referrals.report_make')}
          </Button>
        )}
      </div>
    </section>
  )
}

/** Done after a question. A refusal is told on the page, below. */
function Asked({
  label,
  title,
  text,
  operation,
}: {
  label: string
  title: string
  text: string
  operation: Operation<[]>
}) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="stack">
          <p>{text}</p>
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('managers.keep')}</Button>
            <Button
              look="danger"
              pending={operation.pending}
              onClick={() => void operation.run().finally(() => setOpen(false))}
            >
              {label}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
