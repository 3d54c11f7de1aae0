import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../../design/button.tsx'
import { Dialog, preloadDialog } from '../../../design/dialog.tsx'
import { SelectField, TextField } from '../../../design/field.tsx'
import { Link } from '../../../design/link.tsx'
import { When } from '../../../design/values.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary, fieldError } from '../../problems.tsx'
import { can, useSession } from '../../session.ts'
import type { Account, Page as ListPage } from '../../types.ts'
import { useOperation } from '../../use-operation.ts'
import type { AccountAttribution, AttributionLine, Manager } from './types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const path = `/accounts/${params['accountId']}`
  const [account, attribution, managers] = await Promise.all([
    call<Account>(path),
    call<AccountAttribution>(`${path}/attribution`),
    call<ListPage<Manager>>('/managers?active=true&limit=200'),
  ])
  return { account, attribution, managers: managers.items.filter(({ role }) => role === 'sales') }
}

/** Why an account is credited to whom: every touch and what it led to, the newest first. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { account, attribution, managers } = useLoaderData<typeof loader>()
  const { manager, lines } = attribution
  return (
    <Page
      aboveTitle={<BackLink to={`/portal/accounts/${account.id}`}>{account.name}</BackLink>}
      title={manager ? t('attribution.title', { name: manager.name }) : t('attribution.nobody')}
      lead={t('attribution.lead')}
      actions={
        can(session, 'accounts:write') ? (
          <Relink attribution={attribution} name={account.name} managers={managers} />
        ) : null
      }
    >
      {lines.length === 0 ? (
        <p className="card">{t('attribution.empty')}</p>
      ) : (
        <ol className="card timeline">
          {lines.map((line) => (
            <li key={line.id} className="stack stack-1">
              <p>
                <strong>
                  <Headline line={line} />
                </strong>{' '}
                <span className="small muted">
                  <When at={line.at} />
                </span>
              </p>
              <Details line={line} />
            </li>
          ))}
        </ol>
      )}
    </Page>
  )
}

function Headline({ line }: { line: AttributionLine }) {
  const { t } = useText()
  const name = line.manager?.name ?? t('attribution.another')
  if (line.outcome === 'linked') return <>{t('attribution.linked', { name })}</>
  if (line.outcome === 'unlinked') return <>{t('attribution.unlinked')}</>
  return <>{t('attribution.refused', { key: line.managerKey ?? t('attribution.hidden_key') })}</>
}

function Details({ line }: { line: AttributionLine }) {
  const text = useText()
  const { t } = text
  const by = line.by?.name ?? t('attribution.staff')
  return (
    <ul className="small muted stack stack-1 plain-list">
      {line.refusal ? <li>{t(`refusal.${line.refusal as 'inactive'}`)}</li> : null}
      {line.reason === 'relinked' ? (
        <li>{t('attribution.by', { by, note: line.note || t('none') })}</li>
      ) : (
        <li>
          {t(`channel.${(line.channel ?? 'cookie') as 'cookie'}`)}
          {line.touchedAt ? <> ({text.instant(line.touchedAt)})</> : null}
        </li>
      )}
      {line.reason === 'registration' ? <li>{t('attribution.registration')}</li> : null}
      {line.orderId ? (
        <li>
          <Link to={`/portal/orders/${line.orderId}`}>{t('attribution.order')}</Link>
        </li>
      ) : null}
    </ul>
  )
}

function Relink({
  attribution: { accountId, manager, version },
  name,
  managers,
}: {
  attribution: AccountAttribution
  name: string
  managers: readonly Manager[]
}) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isOpen, setOpen] = useState(false)
  const relink = useOperation(
    useCallback(
      async (_key: string, managerId: string | null, reason: string) => {
        const body = { managerId, reason }
        await call(`/accounts/${accountId}/manager`, { method: 'PUT', body, ifMatch: version })
        setOpen(false)
        await revalidate()
      },
      [accountId, version, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void relink.run(String(form.get('manager_id') ?? '') || null, String(form.get('reason') ?? ''))
  }
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('attribution.relink')}
      </Button>
      <Dialog title={t('attribution.relink_title', { name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          <p>{t('attribution.relink_text')}</p>
          <ErrorSummary error={relink.error} failures={relink.failures} />
          <SelectField
            label={t('attribution.manager')}
            name="manager_id"
            defaultValue={manager?.id ?? ''}
            error={fieldError(relink.error, 'manager_id')}
            options={[
              { value: '', label: t('attribution.nobody_option') },
              ...managers.map((each) => ({
                value: each.id,
                label: each.key ? `${each.name} (${each.key})` : each.name,
              })),
            ]}
          />
          <TextField
            label={t('attribution.reason')}
            name="reason"
            autoComplete="off"
            hint={t('attribution.reason_hint')}
            error={fieldError(relink.error, 'reason')}
          />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('managers.cancel')}</Button>
            <Button type="submit" look="primary" pending={relink.pending}>
              {t('attribution.relink')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}
