import { Link, useSearch } from '../../design/link.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { useText } from '../../messages/use-text.ts'
import type { EventType, Webhook } from './types.ts'

const STATUSES = ['waiting', 'delivered', 'failed', 'cancelled'] as const
const CHANNELS = ['email', 'panel', 'webhook'] as const
const FILTERS = ['status', 'event_type', 'channel', 'webhook_id', 'since', 'until'] as const

/** The filters of the API for what stands in an address: its days are whole ones, UTC. */
export function deliveryWishes(search: URLSearchParams): Record<string, string | null> {
  const { since, until, ...rest } = Object.fromEntries(FILTERS.map((name) => [name, search.get(name)]))
  const day = (text: string | null | undefined, plusDays: number): string | null => {
    const at = Date.parse(`${text}T00:00:00Z`)
    return Number.isNaN(at) ? null : new Date(at + plusDays * 86_400_000).toISOString()
  }
  return { ...rest, since: day(since, 0), until: day(until, 1) }
}

/** What of the log is shown: it stands in the address, each choice is one. */
export function DeliveryFilters({
  types,
  webhooks,
}: {
  types: readonly EventType[]
  /** Left out on the page of one. */
  webhooks?: readonly Webhook[]
}) {
  const { t } = useText()
  const search = useSearch()
  const of = (name: (typeof FILTERS)[number]): string => search.get(name) ?? ''
  const any = { value: '', label: t('deliveries.any') }
  return (
    <SearchForm live role="search" className="filters" aria-label={t('deliveries.filter')}>
      <SelectField
        label={t('column.status')}
        name="status"
        defaultValue={of('status')}
        options={[any, ...STATUSES.map((value) => ({ value, label: t(`deliveries.status_${value}`) }))]}
      />
      <SelectField
        label={t('handlers.event')}
        name="event_type"
        defaultValue={of('event_type')}
        options={[any, ...types.map(({ type }) => ({ value: type, label: type }))]}
      />
      {webhooks ? (
        <>
          <SelectField
            label={t('handlers.channel')}
            name="channel"
            defaultValue={of('channel')}
            options={[any, ...CHANNELS.map((value) => ({ value, label: t(`handlers.channel_${value}`) }))]}
          />
          {webhooks.length > 0 ? (
            <SelectField
              label={t('deliveries.webhook')}
              name="webhook_id"
              defaultValue={of('webhook_id')}
              options={[any, ...webhooks.map(({ id, url, description }) => ({ value: id, label: description || url }))]}
            />
          ) : null}
        </>
      ) : null}
      <TextField label={t('deliveries.from')} name="since" type="date" defaultValue={of('since')} />
      <TextField label={t('deliveries.until')} name="until" type="date" defaultValue={of('until')} />
      {FILTERS.some((name) => of(name) !== '') ? (
        <Link className="button" to="?">
          {t('deliveries.clear')}
        </Link>
      ) : null}
    </SearchForm>
  )
}
