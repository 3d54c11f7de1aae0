import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button, ButtonLink } from '../../../design/button.tsx'
import { Copyable } from '../../../design/copy.tsx'
import { Dialog, preloadDialog } from '../../../design/dialog.tsx'
import { FigureReport } from '../../../design/figures.tsx'
import { Facts } from '../../../design/lines.tsx'
import { Link } from '../../../design/link.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call, query } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary } from '../../problems.tsx'
import { can, useSession } from '../../session.ts'
import { useOperation } from '../../use-operation.ts'
import { CsvButton } from './csv-button.tsx'
import { DaysFilter, daysOf, rangeQuery } from './days.tsx'
import type { Manager, ManagerReport } from './types.ts'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const range = rangeQuery(daysOf(new URL(request.url).searchParams))
  const path = `/managers/${params['managerId']}`
  const [manager, report] = await Promise.all([
    call<Manager>(path),
    call<ManagerReport>(`${path}/figures${query(range)}`),
  ])
  return { manager, report }
}

/** One manager: who they are, their link, and what it led to. Their own home, when they look. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { manager, report } = useLoaderData<typeof loader>()
  const isOwn = session.manager?.id === manager.id
  const origin = session.store?.origin ?? location.origin
  const isStaff = can(session, 'managers:write')
  return (
    <Page
      aboveTitle={
        isStaff ? (
          <BackLink to={manager.isPartner ? '/portal/referrals' : '/portal/managers'}>
            {t(manager.isPartner ? 'nav.referrals' : 'nav.managers')}
          </BackLink>
        ) : null
      }
      title={isOwn ? t('managers.own_title') : manager.name}
      lead={manager.active ? undefined : t('managers.idle')}
      actions={isStaff ? <Actions manager={manager} /> : null}
    >
      <section className="card">
        <Facts
          items={[
            {
              label: t('managers.link'),
              value:
                manager.key === null ? (
                  t('managers.no_key')
                ) : (
                  <Copyable
                    value={`${origin}/?manager_key=${manager.key}`}
                    name={t('managers.link_of', { name: manager.name })}
                  />
                ),
            },
            {
              label: t('managers.key'),
              value:
                manager.key === null ? (
                  t('none')
                ) : (
                  <Copyable value={manager.key} name={t('managers.key_of', { name: manager.name })} />
                ),
            },
            {
              label: t('managers.role'),
              value: manager.isPartner ? t('managers.partner') : t(`manager_role.${manager.role}`),
            },
            ...(manager.user ? [{ label: t('managers.user'), value: manager.user.email }] : []),
            ...(manager.email ? [{ label: t('managers.email'), value: manager.email }] : []),
            ...(manager.phone ? [{ label: t('field.phone'), value: manager.phone }] : []),
            ...(manager.supervisor
              ? [
                  {
                    label: t('managers.supervisor'),
                    value: isStaff ? (
                      <Link to={`/portal/managers/${manager.supervisor.id}`}>{manager.supervisor.name}</Link>
                    ) : (
                      manager.supervisor.name
                    ),
                  },
                ]
              : []),
            ...(manager.account && can(session, 'accounts:read') && isStaff
              ? [
                  {
                    label: t('managers.account'),
                    value: <Link to={`/portal/accounts/${manager.account.id}`}>{manager.account.name}</Link>,
                  },
                ]
              : []),
          ]}
        />
      </section>
      <DaysFilter />
      <FigureReport
        report={report}
        isPartner={manager.isPartner}
        actions={
          <CsvButton
            name={`figures-${manager.key ?? manager.id}`}
            heads={[report.by]}
            rows={report.steps.map((step) => ({ cells: [step.start], sums: step }))}
          />
        }
      />
    </Page>
  )
}

function Actions({ manager }: { manager: Manager }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const remove = useOperation(
    useCallback(async () => {
      await call(`/managers/${manager.id}`, { method: 'DELETE', ifMatch: manager.version })
      await navigate('/portal/managers')
    }, [manager.id, manager.version, navigate]),
  )
  return (
    <>
      {manager.isPartner ? (
        <ButtonLink to={`/portal/referrals/partners/${manager.id}`}>{t('referrals.terms')}</ButtonLink>
      ) : null}
      <ButtonLink to={`/portal/managers/${manager.id}/edit`}>{t('managers.edit')}</ButtonLink>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('managers.delete')}
      </Button>
      <Dialog title={t('managers.delete_title', { name: manager.name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="stack">
          <p>{t('managers.delete_text')}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('managers.keep')}</Button>
            <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
              {t('managers.delete_do', { name: manager.name })}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
