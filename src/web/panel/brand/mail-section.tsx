import { useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import { OptionField } from './look-sections.tsx'
import type { BrandView, Editing } from './types.ts'

/** The brand's own mail server, tried before it is trusted. */
export function MailSection({ brand, ...editing }: Editing & { brand: BrandView }) {
  const { t } = useText()
  const { options, change, errorOf } = editing
  return (
    <section className="card stack">
      <h2>{t('brand.mail')}</h2>
      <p className="muted">{t('brand.mail_hint')}</p>
      <div className="form">
        <CheckField
          label={t('brand.smtp_override')}
          name="smtp_override"
          checked={options.smtpOverride === 1}
          onChange={(event) => change({ smtpOverride: event.target.checked ? 1 : 0 })}
        />
        <OptionField {...editing} name="smtpServer" field="smtp_server" />
        <TextField
          label={t('brand.smtp_port')}
          name="smtp_port"
          type="number"
          min={1}
          max={65535}
          value={options.smtpPort}
          onChange={(event) => change({ smtpPort: Number(event.target.value) })}
          error={errorOf('smtp_port')}
        />
        <SelectField
          label={t('brand.smtp_encryption')}
          name="smtp_encryption"
          value={options.smtpEncryption}
          onChange={(event) => change({ smtpEncryption: event.target.value as '' | 'SSL' | 'TLS' })}
          options={[
            { value: 'SSL', label: t('brand.encryption_ssl') },
            { value: 'TLS', label: t('brand.encryption_tls') },
            { value: '', label: t('brand.encryption_none') },
          ]}
        />
        <OptionField {...editing} name="smtpUser" field="smtp_user" />
        <TextField
          label={t('brand.smtp_password')}
          name="smtp_password"
          type="password"
          autoComplete="new-password"
          hint={t(brand.hasSmtpPassword ? 'brand.password_stored' : 'brand.password_none')}
          value={options.smtpPassword}
          onChange={(event) => change({ smtpPassword: event.target.value })}
          error={errorOf('smtp_password')}
        />
        <OptionField {...editing} name="smtpReplyAddress" field="smtp_reply_address" type="email" />
      </div>
      <TestMail tenantId={brand.tenantId} {...editing} />
    </section>
  )
}

function TestMail({ tenantId, options }: Editing & { tenantId: string }) {
  const { t } = useText()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const test = useOperation(
    useCallback(
      async (key: string) => {
        setSentTo(null)
        const { smtpServer, smtpPort, smtpEncryption, smtpUser, smtpPassword, smtpReplyAddress } = options
        const tried = { smtpServer, smtpPort, smtpEncryption, smtpUser, smtpPassword, smtpReplyAddress }
        const answer = await call<{ sentTo: string }>(`/brands/${tenantId}/test-mails`, {
          method: 'POST',
          body: { options: tried },
          idempotencyKey: key,
        })
        setSentTo(answer.sentTo)
      },
      [tenantId, options],
    ),
  )
  return (
    <div className="stack">
      <ErrorSummary error={test.error} failures={test.failures} />
      {sentTo === null ? null : (
        <Notice tone="ok" live>
          <p>{t('brand.test_sent', { email: sentTo })}</p>
        </Notice>
      )}
      <div>
        <Button pending={test.pending} onClick={() => void test.run()}>
          {t('brand.test_send')}
        </Button>
      </div>
    </div>
  )
}
