import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import { can, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import type { PromoCode } from './types.ts'

/** The codes of a discount with their limits and uses, and the way to more of them. */
export function Codes({ discountId, codes }: { discountId: string; codes: readonly PromoCode[] }) {
  const { t, number } = useText()
  const session = useSession()
  const { revalidate } = useRevalidator()
  const turn = useOperation(
    useCallback(
      async (_key: string, code: string, active: boolean) => {
        await call(`/discounts/${discountId}/codes/${encodeURIComponent(code)}`, { method: 'PATCH', body: { active } })
        await revalidate()
      },
      [discountId, revalidate],
    ),
  )
  const mayWrite = can(session, 'plans:write')
  return (
    <section className="stack" aria-labelledby="codes">
      <h2 id="codes">{t('discount.codes')}</h2>
      <ErrorSummary error={turn.error} failures={turn.failures} />
      {codes.length === 0 ? (
        <p className="muted">{t('discount.no_codes')}</p>
      ) : (
        <Table
          caption={t('discount.codes')}
          rows={codes}
          rowKey={({ code }) => code}
          columns={[
            {
              key: 'code',
              label: t('discount.code'),
              cell: ({ code }) => <Copyable value={code} name={t('discount.of_code', { code })} />,
            },
            {
              key: 'state',
              label: t('column.status'),
              cell: ({ active }) =>
                active ? <Badge tone="ok">{t('discounts.on')}</Badge> : <Badge>{t('discounts.switched_off')}</Badge>,
            },
            {
              key: 'uses',
              label: t('discount.uses'),
              number: true,
              cell: ({ uses, maxUses }) =>
                maxUses === null ? number(uses) : t('discount.uses_of', { uses: number(uses), most: number(maxUses) }),
            },
            {
              key: 'each',
              label: t('discount.each'),
              number: true,
              cell: ({ maxUsesPerAccount: most }) => (most === null ? t('discount.no_limit') : number(most)),
            },
            ...(mayWrite
              ? [
                  {
                    key: 'turn',
                    label: t('column.actions'),
                    actions: true,
                    cell: ({ code, active }: PromoCode) => (
                      <Button size="small" pending={turn.pending} onClick={() => void turn.run(code, !active)}>
                        {t(active ? 'discount.switch_off' : 'discount.switch_on')}
                        <span className="visually-hidden"> {t('discount.of_code', { code })}</span>
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {mayWrite ? <NewCodes key={codes.length} discountId={discountId} /> : null}
    </section>
  )
}

function NewCodes({ discountId }: { discountId: string }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const save = useCallback(
    async (value: Values, key: string) => {
      await call(`/discounts/${discountId}/codes`, {
        method: 'POST',
        body: {
          code: value('code'),
          count: Number(value('count') || '1'),
          maxUses: value('max_uses') || null,
          maxUsesPerAccount: value('max_uses_per_account') === '' ? null : Number(value('max_uses_per_account')),
        },
        idempotencyKey: key,
      })
      await revalidate()
    },
    [discountId, revalidate],
  )
  return (
    <section className="card stack" aria-labelledby="new-codes">
      <h3 id="new-codes">{t('discount.new_codes')}</h3>
      <SaveForm save={save} submit={t('discount.make_codes')}>
        {(error) => (
          <>
            <TextField
              label={t('discount.pattern')}
              name="code"
              hint={t('discount.pattern_hint')}
              autoComplete="off"
              required
              error={fieldError(error, 'code')}
            />
            <TextField
              label={t('discount.count')}
              name="count"
              inputMode="numeric"
              autoComplete="off"
              defaultValue="1"
              error={fieldError(error, 'count')}
            />
            <TextField
              label={t('discount.max_uses')}
              name="max_uses"
              hint={t('discount.max_uses_hint')}
              inputMode="numeric"
              autoComplete="off"
              error={fieldError(error, 'max_uses')}
            />
            <TextField
              label={t('discount.per_account')}
              name="max_uses_per_account"
              inputMode="numeric"
              autoComplete="off"
              defaultValue="1"
              error={fieldError(error, 'max_uses_per_account')}
            />
          </>
        )}
      </SaveForm>
    </section>
  )
}
