import { useEffect, useRef, useState } from 'react'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'

/** The second factor: it appears once the server asks for it, takes the focus, and then stays. */
export function CodeField({ error }: { error: ApiError | null }) {
  const { t } = useText()
  const [isAsked, setAsked] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  if (!isAsked && error?.code === 'second_factor_required') setAsked(true)
  useEffect(() => {
    if (isAsked) box.current?.querySelector('input')?.focus()
  }, [isAsked])
  if (!isAsked) return null
  return (
    <div ref={box}>
      <TextField
        label={t('sign_in.code')}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required
        hint={t('sign_in.code_hint')}
        error={fieldError(error, 'code')}
      />
    </div>
  )
}
