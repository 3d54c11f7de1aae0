import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { DottedName } from '../../design/dotted-name.tsx'
import { Empty } from '../../design/empty.tsx'
import { Mail } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import type { EventHandler } from './types.ts'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<EventHandler>>(request, '/event-handlers', wishesOf(request, 'query', 'channel'))

const CHANNELS = ['', 'email', 'panel', 'webhook'] as const

/** Who is told of what: what is built in, what comes from above, what is one's own. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const mayWrite = can(useSession(), 'event_handlers:write')
  const columns: Column<EventHandler>[] = [
    {
      key: 'name',
      sort: 'name',
      label: t('handlers.name'),
      cell: (handler) => (
        <Link className="row-link" to={`/portal/event-handlers/${encodeURIComponent(handler.id)}`}>
          {handler.name}
        </Link>
      ),
    },
    {
      key: 'event',
      sort: 'event_type',
      label: t('handlers.event'),
      cell: (handler) => <DottedName name={handler.eventType} />,
    },
    {
      key: 'channel',
      sort: 'channel',
      label: t('handlers.channel'),
      cell: (handler) => t(`handlers.channel_${handler.channel}`),
    },
    {
      key: 'origin',
      sort: 'origin',
      label: t('handlers.origin'),
      cell: (handler) => <span className="nowrap">{t(`handlers.origin_${handler.origin}`)}</span>,
    },
    {
      key: 'state',
      sort: 'status',
      label: t('column.status'),
      cell: ({ enabled }) => <Badge tone={enabled ? 'ok' : undefined}>{t(enabled ? 'notify.on' : 'notify.off')}</Badge>,
    },
  ]
  return (
    <Page
      title={t('handlers.title')}
      lead={t('handlers.lead')}
      actions={
        mayWrite ? (
          <ButtonLink look="primary" to="/portal/event-handlers/new">
            {t('handlers.new')}
          </ButtonLink>
        ) : null
      }
    >
      <List
        caption={t('handlers.title')}
        filter={<Filter />}
        page={page}
        columns={columns}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={Mail} title={t('handlers.none_title')}>
            <p>{t('handlers.none')}</p>
            <Link className="button" to="/portal/event-handlers">
              {t('notify.show_all')}
            </Link>
          </Empty>
        }
      />
    </Page>
  )
}

function Filter() {
  const { t } = useText()
  const search = useSearch()
  const [wish, channel] = [search.get('query') ?? '', search.get('channel') ?? '']
  return (
    <SearchForm role="search" className="search">
      <input
        className="input"
        type="search"
        name="query"
        defaultValue={wish}
        placeholder={t('handlers.search')}
        aria-label={t('handlers.search')}
      />
      <select key={channel} className="input" name="channel" defaultValue={channel} aria-label={t('handlers.channel')}>
        {CHANNELS.map((each) => (
          <option key={each} value={each}>
            {each === '' ? t('handlers.every_channel') : t(`handlers.channel_${each}`)}
          </option>
        ))}
      </select>
      <button className="button" type="submit">
        {t('search.find')}
      </button>
    </SearchForm>
  )
}
