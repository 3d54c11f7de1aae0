import type { MessageKey } from '../messages/catalogue.ts'
import { records } from '../messages/en/records.ts'
import { useText } from '../messages/use-text.ts'
import { quotaState, usageText } from './quota.ts'
import type { Subscription } from './types.ts'

/** How full each quota is, as a bar with its figures in words beside it. */
export function Quotas({ subscription }: { subscription: Subscription }) {
  const text = useText()
  const { t } = text
  return (
    <section className="card stack">
      <h2>{t('subscription.usage')}</h2>
      <ul className="quota-list">
        {subscription.quotas.map((quota) => {
          const key = `usage.${quota.usageName}`
          const name =
            key in records
              ? t(key as MessageKey)
              : (subscription.resources.find((resource) => resource.usageName === quota.usageName)?.name ??
                quota.usageName)
          const used = Number(quota.used ?? 0)
          const value = quota.value === null ? null : Number(quota.value)
          const state = quotaState(quota.usageName, used, value)
          return (
            <li key={quota.usageName} className="stack stack-1">
              <p className="cluster spread">
                <span>{name}</span>
                <span className="small">
                  {value === null
                    ? t('usage.unlimited', { used: usageText(text, quota.usageName, used) })
                    : t('usage.of', {
                        used: usageText(text, quota.usageName, used),
                        value: usageText(text, quota.usageName, value),
                      })}
                  {state === 'within' ? null : (
                    <strong className={`usage-${state}`}>
                      {' '}
                      {t(state === 'reached' ? 'usage.exceeded' : 'usage.almost')}
                    </strong>
                  )}
                </span>
              </p>
              {value === null ? null : (
                <progress
                  className={`meter ${state === 'reached' ? 'tone-bad' : state === 'almost' ? 'tone-warn' : ''}`}
                  aria-label={name}
                  value={Math.min(used, value)}
                  max={Math.max(value, 1)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
