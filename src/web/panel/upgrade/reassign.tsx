import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { usageText } from '../quota.ts'
import { usageLabel } from '../usage-name.ts'
import { useOperation } from '../use-operation.ts'
import type { Offers } from './types.ts'

/** Only the user's own quota ran out and the company has room: whoever may buy gives it, for nothing. */
export function Reassign({ offers: { id, answer, account, mayOrder } }: { offers: Offers }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const give = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/offers/${id}/reassign`, { method: 'POST', idempotencyKey: key, body: {} })
        await revalidate()
      },
      [id, revalidate],
    ),
  )
  return (
    <Notice tone="info" title={t('upgrade.reassign_title')}>
      <ErrorSummary error={give.error} failures={give.failures} />
      <p>{t(mayOrder ? 'upgrade.reassign_may' : 'upgrade.reassign_text', { account: account.name })}</p>
      <ul>
        {answer.reassign.map(({ usageName, from, to }) => (
          <li key={usageName}>
            {t('upgrade.reassign_item', {
              name: usageLabel(text, usageName),
              from: usageText(text, usageName, Number(from)),
              to: usageText(text, usageName, Number(to)),
            })}
          </li>
        ))}
      </ul>
      {mayOrder ? (
        <div>
          <Button look="primary" pending={give.pending} onClick={() => void give.run()}>
            {t('upgrade.reassign_do')}
          </Button>
        </div>
      ) : null}
    </Notice>
  )
}
