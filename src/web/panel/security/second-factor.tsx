import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Copyable, CopyButton } from '../../design/copy.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { QrPicture } from '../../design/qr-picture.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { refreshSession, useSession } from '../session.ts'
import { type Operation, useOperation } from '../use-operation.ts'

export interface FactorState {
  readonly confirmedAt: string | null
  readonly recoveryCodesLeft: number
}

interface Proposal {
  readonly secret: string
  readonly url: string
}

/** Sets up, shows and turns off the codes of an authenticator app. */
export function SecondFactor({ state }: { state: FactorState }) {
  const { t } = useText()
  const { user } = useSession()
  const { revalidate } = useRevalidator()
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [removed, setRemoved] = useState(false)
  const isOn = state.confirmedAt !== null
  const keptCodes = async (): Promise<void> => {
    setCodes(null)
    // What was closed until now is open.
    if (user?.owesSecondFactor) await refreshSession()
  }
  return (
    <section className="card stack">
      <div className="cluster">
        <h2>{t('factor.title')}</h2>
        <Badge tone={isOn ? 'ok' : undefined}>{t(isOn ? 'factor.on' : 'factor.off')}</Badge>
      </div>
      {user?.owesSecondFactor && !isOn ? (
        <Notice tone="warn" title={t('factor.due_title')}>
          <p>{t('factor.due')}</p>
        </Notice>
      ) : null}
      {removed && !isOn ? (
        <Notice tone="ok" live>
          <p>{t('factor.removed')}</p>
        </Notice>
      ) : null}
      {codes ? (
        <RecoveryCodes codes={codes} onDone={() => void keptCodes()} />
      ) : state.confirmedAt !== null ? (
        <InForce
          since={state.confirmedAt}
          left={state.recoveryCodesLeft}
          onRemoved={async () => {
            await revalidate()
            await refreshSession()
            setRemoved(true)
          }}
        />
      ) : proposal ? (
        <Confirm
          proposal={proposal}
          onCancel={() => setProposal(null)}
          onDone={async (fresh) => {
            setCodes(fresh)
            setProposal(null)
            await revalidate()
          }}
        />
      ) : (
        <>
          <p>{t('factor.text')}</p>
          {user?.hasPassword ? <Begin onDone={setProposal} /> : <p className="muted">{t('factor.needs_password')}</p>}
        </>
      )}
    </section>
  )
}

const submitTo =
  (operation: Operation<[FormData]>) =>
  (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void operation.run(new FormData(event.currentTarget))
  }

function Begin({ onDone }: { onDone: (proposal: Proposal) => void }) {
  const { t } = useText()
  const begin = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const body = { password: form.get('password') }
        onDone(await call<Proposal>('/session/second-factor', { method: 'POST', body, idempotencyKey: key }))
      },
      [onDone],
    ),
  )
  return (
    <>
      <ErrorSummary error={begin.error} failures={begin.failures} />
      <form className="form" onSubmit={submitTo(begin)}>
        <TextField
          label={t('field.current_password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(begin.error, 'password')}
        />
        <div>
          <Button type="submit" pending={begin.pending}>
            {t('factor.begin')}
          </Button>
        </div>
      </form>
    </>
  )
}

function Confirm({
  proposal,
  onDone,
  onCancel,
}: {
  proposal: Proposal
  onDone: (codes: readonly string[]) => Promise<void>
  onCancel: () => void
}) {
  const { t } = useText()
  const confirm = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const options = { method: 'POST', body: { code: form.get('code') }, idempotencyKey: key } as const
        const answer = await call<{ recoveryCodes: string[] }>('/session/second-factor/confirm', options)
        await onDone(answer.recoveryCodes)
      },
      [onDone],
    ),
  )
  return (
    <>
      <p>{t('factor.scan')}</p>
      <div className="qr">
        <QrPicture text={proposal.url} label={t('factor.qr')} />
      </div>
      <p>
        {t('factor.key')}: <Copyable value={proposal.secret} name={t('factor.key')} />
      </p>
      <ErrorSummary error={confirm.error} failures={confirm.failures} />
      <form className="form" onSubmit={submitTo(confirm)}>
        <CodeField label={t('factor.code')} hint={t('factor.code_hint')} error={fieldError(confirm.error, 'code')} />
        <div className="cluster">
          <Button type="submit" look="primary" pending={confirm.pending}>
            {t('factor.confirm')}
          </Button>
          <Button onClick={onCancel}>{t('factor.cancel')}</Button>
        </div>
      </form>
    </>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useText()
  return (
    <>
      <Notice tone="ok" live title={t('factor.codes_title')}>
        <p>{t('factor.codes_text')}</p>
      </Notice>
      <ul className="recovery-codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="cluster no-print">
        <CopyButton value={codes.join('\n')} name={t('factor.copy_codes')} />
        <Button look="primary" onClick={onDone}>
          {t('factor.codes_done')}
        </Button>
      </div>
    </>
  )
}

function InForce({ since, left, onRemoved }: { since: string; left: number; onRemoved: () => Promise<void> }) {
  const { t } = useText()
  const [isAsking, setAsking] = useState(false)
  const remove = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const body = { code: form.get('code') }
        await call('/session/second-factor/remove', { method: 'POST', body, idempotencyKey: key })
        setAsking(false)
        await onRemoved()
      },
      [onRemoved],
    ),
  )
  return (
    <>
      <p>
        {t('factor.since')} <When at={since} />. {t('factor.left', { count: left })}
      </p>
      <div>
        <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
          {t('factor.remove')}
        </Button>
      </div>
      <Dialog title={t('factor.remove_title')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <form className="stack" onSubmit={submitTo(remove)}>
          <p>{t('factor.remove_text')}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <CodeField label={t('factor.remove_code')} error={fieldError(remove.error, 'code')} />
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('factor.keep')}</Button>
            <Button type="submit" look="danger" pending={remove.pending}>
              {t('factor.remove')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

/** Recovery codes have letters, so it is no numeric field. */
function CodeField({ label, hint, error }: { label: string; hint?: string; error: string | undefined }) {
  return (
    <TextField
      label={label}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      error={error}
      {...(hint !== undefined && { hint })}
    />
  )
}
