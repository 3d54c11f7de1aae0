import { CheckField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { Values } from '../save-form.tsx'
import type { OrderAttribute } from './types.ts'

/** What an order of the plan has to say (an order attribute): the question, and what its answer is called in the API. */
export function QuestionFields({
  item,
  path,
  error,
}: {
  item: OrderAttribute | null
  path: string
  error: ApiError | null
}) {
  const { t } = useText()
  return (
    <>
      <TextField
        label={t('question.label')}
        name={`${path}.label`}
        hint={t('question.label_hint')}
        autoComplete="off"
        defaultValue={item?.label ?? ''}
        error={fieldError(error, `${path}.label`)}
      />
      <TextField
        label={t('question.key')}
        name={`${path}.key`}
        hint={t('question.key_hint')}
        autoComplete="off"
        autoCapitalize="none"
        defaultValue={item?.key ?? ''}
        error={fieldError(error, `${path}.key`)}
      />
      <CheckField label={t('question.required')} name={`${path}.required`} defaultChecked={item?.required ?? true} />
    </>
  )
}

export function readQuestion(value: Values, path: string): OrderAttribute {
  const label = value(`${path}.label`)
  return { key: value(`${path}.key`) || keyOf(label), label, required: value(`${path}.required`) === 'on' }
}

/** `Domain to protect` → `domain_to_protect`: letters first, at most 40. */
const keyOf = (label: string): string =>
  label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+/, '')
    .slice(0, 40)
    .replace(/_+$/, '')
