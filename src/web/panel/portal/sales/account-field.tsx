import { useEffect, useId, useState } from 'react'
import { TextField } from '../../../design/field.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call, query } from '../../api.ts'
import type { Account, Page as ListPage } from '../../types.ts'

const WAIT_MS = 200

/** The account that a manager buys with, found by its name or number. What is typed and is none stays no choice. */
export function AccountField({ account, error }: { account: Account | null; error: string | undefined }) {
  const { t } = useText()
  const list = useId()
  const [text, setText] = useState(account ? labelOf(account) : '')
  const [found, setFound] = useState<readonly Account[]>(account ? [account] : [])
  const chosen = found.find((each) => labelOf(each) === text.trim())
  useEffect(() => {
    if (text.trim() === '' || chosen) return
    const stopped = new AbortController()
    const timer = setTimeout(() => {
      call<ListPage<Account>>(`/accounts${query({ query: text.trim() })}`, { signal: stopped.signal })
        .then(({ items }) => setFound(items))
        .catch(() => undefined)
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      stopped.abort()
    }
  }, [text, chosen])
  const isUnknown = text.trim() !== '' && !chosen
  return (
    <>
      <TextField
        label={t('field.optional', { label: t('managers.account') })}
        name="account"
        list={list}
        autoComplete="off"
        hint={t('managers.account_hint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={error}
      />
      <datalist id={list}>
        {found.map((each) => (
          <option key={each.id}>{labelOf(each)}</option>
        ))}
      </datalist>
      {/* What is not found is told by the server, beside the field. */}
      <input type="hidden" name="account_id" value={isUnknown ? NOBODY : (chosen?.id ?? '')} />
    </>
  )
}

/** Of no account: the form is refused, and what was typed stays. */
const NOBODY = '00000000-0000-7000-8000-000000000000'
const labelOf = ({ name, number }: Account): string => `${name} (${number})`
