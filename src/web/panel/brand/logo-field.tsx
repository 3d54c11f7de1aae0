import { useCallback, useId, useRef } from 'react'
import { Button } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { BrandView } from './types.ts'

/** The logo is stored the moment it is chosen: a file cannot wait in a form. */
export function LogoField({ brand, onChange }: { brand: BrandView; onChange: (next: BrandView) => Promise<void> }) {
  const { t } = useText()
  const id = useId()
  const picker = useRef<HTMLInputElement>(null)
  const { tenantId, version, logoUrl } = brand
  const put = useOperation(
    useCallback(
      async (_key: string, file: File | null) => {
        const to = `/brands/${tenantId}`
        const answer = file
          ? await call<BrandView>(`${to}/logo`, { method: 'PUT', ifMatch: version, file })
          : await call<BrandView>(to, { method: 'PUT', ifMatch: version, body: { options: { logotype: null } } })
        await onChange(answer)
      },
      [tenantId, version, onChange],
    ),
  )
  return (
    <div className="field">
      <label htmlFor={id}>{t('brand.logo')}</label>
      <p className="hint" id={`${id}-hint`}>
        {t('brand.logo_hint')}
      </p>
      <ErrorSummary error={put.error} failures={put.failures} />
      {logoUrl ? <img className="logo-shown" src={logoUrl} alt={t('brand.logo_alt')} /> : null}
      <input
        ref={picker}
        id={id}
        className="input"
        type="file"
        accept="image/png"
        data-field="file"
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file) void put.run(file).then(() => picker.current && (picker.current.value = ''))
        }}
      />
      {logoUrl ? (
        <div>
          <Button size="small" look="quiet" pending={put.pending} onClick={() => void put.run(null)}>
            {t('brand.logo_remove')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
