import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { Offers } from './types.ts'

/** Hands what the page shows to the account's contact at the provider. */
export function AskContact({ offers }: { offers: Offers }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [message, setMessage] = useState('')
  const [isSent, setSent] = useState(offers.askedAt !== null)
  const ask = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/offers/${offers.id}/contact`, { method: 'POST', idempotencyKey: key, body: { message } })
        setSent(true)
        await revalidate()
      },
      [offers.id, message, revalidate],
    ),
  )
  const { kind } = offers.answer
  const isOnly = kind === 'contact' || !offers.mayOrder
  if (offers.answeredAt !== null)
    return (
      <Notice tone="ok" title={t('upgrade.contact_answered')}>
        <p>{offers.reply}</p>
      </Notice>
    )
  if (isSent)
    return (
      <Notice tone="ok" live>
        <p>{t('upgrade.contact_sent')}</p>
      </Notice>
    )
  return (
    <section className="card stack" aria-labelledby="contact">
      <h2 id="contact">{t(isOnly ? 'upgrade.contact_only_title' : 'upgrade.contact_title')}</h2>
      <p>
        {offers.mayOrder
          ? t(kind === 'contact' ? 'upgrade.contact_none' : 'upgrade.contact_text')
          : t('upgrade.contact_may_not', { account: offers.account.name })}
      </p>
      <ErrorSummary error={ask.error} failures={ask.failures} />
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void ask.run()
        }}
      >
        <div className="field">
          <label htmlFor="message">{t('upgrade.contact_message')}</label>
          <textarea
            className="input"
            id="message"
            rows={3}
            maxLength={2000}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
          />
        </div>
        <div>
          <Button type="submit" look={isOnly ? 'primary' : 'plain'} pending={ask.pending}>
            {t('upgrade.contact_send')}
          </Button>
        </div>
      </form>
    </section>
  )
}
