import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Facts } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { usePolling } from '../use-polling.ts'
import { AskFirst } from './ask-first.tsx'
import { ConnectorForm, saveConnector } from './connector-form.tsx'
import { Requests } from './requests.tsx'
import { Secret } from './secret.tsx'
import type { ConnectorDetails, TestAnswer } from './types.ts'

export const loader = ({ params }: LoaderFunctionArgs) => call<ConnectorDetails>(`/connectors/${params['connector']}`)

/** One service: whether it answers, what it was asked last, what names it. */
export function Component() {
  const { t } = useText()
  const connector = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const mayWrite = can(useSession(), 'connectors:write')
  const [secret, setSecret] = useState<string | null>(null)
  const [isSaved, setSaved] = useState(false)
  const [answer, setAnswer] = useState<TestAnswer | null>(null)
  const path = `/connectors/${connector.name}`
  usePolling(
    connector.requests.some(({ status }) => status === 'pending'),
    5000,
  )
  const test = useOperation(
    useCallback(async () => {
      setAnswer(null)
      setAnswer(await call<TestAnswer>(`${path}/test`, { method: 'POST', body: {} }))
    }, [path]),
  )
  const showSaved = useCallback(async () => {
    await revalidate()
    setSaved(true)
  }, [revalidate])
  return (
    <Page
      aboveTitle={<BackLink to="/portal/connectors">{t('connectors.title')}</BackLink>}
      title={connector.name}
      lead={connector.url}
      actions={
        mayWrite ? (
          <Button look="primary" pending={test.pending} onClick={() => void test.run()}>
            {t('connectors.test')}
          </Button>
        ) : null
      }
    >
      <ErrorSummary error={test.error} failures={test.failures} />
      {answer ? (
        <Notice tone={answer.isAnswered ? 'ok' : 'bad'} live>
          <p>
            {answer.message} <span className="quiet small">{t('connectors.test_took', { ms: answer.tookMs })}</span>
          </p>
        </Notice>
      ) : null}
      {secret ? <Secret secret={secret} /> : null}
      {connector.pullFailure ? (
        <Notice tone="bad" title={t('connectors.pull_failing')}>
          <p>{connector.pullFailure}</p>
        </Notice>
      ) : null}
      <section className="stack" aria-labelledby="requests">
        <h2 id="requests">{t('connectors.requests')}</h2>
        <Requests requests={connector.requests} />
      </section>
      <UsedBy connector={connector} />
      {mayWrite ? (
        <>
          {isSaved ? (
            <Notice tone="ok" live>
              <p>{t('connectors.saved')}</p>
            </Notice>
          ) : null}
          <ConnectorForm connector={connector} onSaved={showSaved} />
          <Care connector={connector} onSecret={setSecret} />
        </>
      ) : null}
    </Page>
  )
}

function UsedBy({ connector: { plans, plansOutOfSight, subscriptions } }: { connector: ConnectorDetails }) {
  const { t } = useText()
  const more = plansOutOfSight > 0 ? [t('connectors.plans_out_of_sight', { count: plansOutOfSight })] : []
  return (
    <section className="card stack">
      <h2>{t('connectors.used_by')}</h2>
      <Facts
        items={[
          { label: t('connectors.plans'), value: [...plans, ...more].join(', ') || t('connectors.plans_none') },
          { label: t('connectors.subscriptions'), value: subscriptions },
        ]}
      />
    </section>
  )
}

function Care({ connector, onSecret }: { connector: ConnectorDetails; onSecret: (secret: string | null) => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const { name, url, deadlineMinutes, pullMinutes } = connector
  const renew = useCallback(async () => {
    const { secret } = await saveConnector({ name, url, deadlineMinutes, pullMinutes, newSecret: true })
    onSecret(secret)
  }, [name, url, deadlineMinutes, pullMinutes, onSecret])
  const remove = useCallback(async () => {
    await call(`/connectors/${name}`, { method: 'DELETE' })
    await navigate('/portal/connectors')
  }, [name, navigate])
  return (
    <section className="card stack">
      <h2>{t('connectors.care')}</h2>
      <div className="cluster">
        <AskFirst
          label={t('connectors.new_secret')}
          title={t('connectors.new_secret_title', { name })}
          text={t('connectors.new_secret_text')}
          look="plain"
          run={renew}
        />
        <AskFirst
          label={t('connectors.remove')}
          title={t('connectors.remove_title', { name })}
          text={t('connectors.remove_text')}
          look="danger"
          run={remove}
        />
      </div>
    </section>
  )
}
