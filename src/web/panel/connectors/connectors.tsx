import { useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Connector } from './types.ts'

export const loader = () => call<{ items: readonly Connector[] }>('/connectors')

/** The services that plans are provisioned by. */
export function Component() {
  const { t } = useText()
  const { items } = useLoaderData<typeof loader>()
  const mayWrite = can(useSession(), 'connectors:write')
  const add = mayWrite ? (
    <ButtonLink look="primary" to="/portal/connectors/new">
      {t('connectors.add')}
    </ButtonLink>
  ) : null
  return (
    <Page title={t('connectors.title')} lead={t('connectors.lead')} actions={items.length > 0 ? add : null}>
      {items.length === 0 ? (
        <Empty icon={Layers} title={t('connectors.empty_title')}>
          <p>{t('connectors.empty')}</p>
          {add}
        </Empty>
      ) : (
        <Table
          caption={t('connectors.title')}
          rows={items}
          rowKey={({ name }) => name}
          columns={[
            {
              key: 'name',
              label: t('connectors.name'),
              cell: ({ name }) => (
                <Link className="row-link" to={`/portal/connectors/${name}`}>
                  {name}
                </Link>
              ),
            },
            { key: 'url', label: t('connectors.url'), cell: ({ url }) => url },
            {
              key: 'usage',
              label: t('connectors.usage'),
              cell: ({ pullMinutes, pullFailure }) =>
                pullFailure ? (
                  <Badge tone="bad">{t('connectors.pull_failing')}</Badge>
                ) : (
                  t(pullMinutes === null ? 'connectors.pull_none' : 'connectors.pull_every', {
                    minutes: pullMinutes ?? 0,
                  })
                ),
            },
          ]}
        />
      )}
    </Page>
  )
}
