import { useText } from '../../messages/use-text.ts'
import { quotaState, usageText } from '../quota.ts'
import { usageLabel } from '../usage-name.ts'
import type { Item } from './types.ts'

/** Today's truth: what is short, how far, and for whom; and what the link said that is fine again. */
export function WhatRanOut({
  items,
  account,
  fineAgain,
}: {
  items: readonly Item[]
  account: string
  fineAgain: readonly string[]
}) {
  const text = useText()
  const { t } = text
  if (items.length === 0 && fineAgain.length === 0) return null
  return (
    <section className="card stack" aria-labelledby="short">
      <h2 id="short">{t('upgrade.short')}</h2>
      <ul className="quota-list">
        {items.map(({ usageName, of, used, value }) => {
          const [name, top] = [usageLabel(text, usageName), Number(value ?? 0)]
          const state = quotaState(usageName, Number(used), top)
          return (
            <li key={`${of} ${usageName}`} className="stack stack-1">
              <p className="cluster spread">
                <span>
                  {name} <span className="small quiet">{t(`upgrade.of_${of}`, { account })}</span>
                </span>
                <span className="small">
                  {t('usage.of', {
                    used: usageText(text, usageName, Number(used)),
                    value: usageText(text, usageName, top),
                  })}{' '}
                  <strong className={`usage-${state}`}>
                    {t(state === 'almost' ? 'usage.almost' : 'usage.exceeded')}
                  </strong>
                </span>
              </p>
              <progress
                className={`meter ${state === 'almost' ? 'tone-warn' : 'tone-bad'}`}
                aria-label={name}
                value={Math.min(Number(used), top)}
                max={Math.max(top, 1)}
              />
            </li>
          )
        })}
        {fineAgain.map((usageName) => (
          <li key={usageName} className="small quiet">
            {t('upgrade.fine_again', { name: usageLabel(text, usageName) })}
          </li>
        ))}
      </ul>
    </section>
  )
}
