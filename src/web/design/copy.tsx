import { useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { Check, Copy } from './icons.tsx'

/** A value with a button that copies it; `name` says what is copied. */
export function Copyable({ value, name, shown }: { value: string; name: string; shown?: string }) {
  return (
    <span className="copy">
      <span className="value mono">{shown ?? value}</span>
      <CopyButton value={value} name={name} />
    </span>
  )
}

export function CopyButton({ value, name }: { value: string; name: string }) {
  const { t } = useText()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await writeClipboard(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  const Icon = copied ? Check : Copy
  return (
    <button type="button" className="copy-button no-print" onClick={copy} aria-label={t('copy.label', { name })}>
      <Icon size={14} aria-hidden="true" />
      <span aria-live="polite">{copied ? t('copy.done') : t('copy.copy')}</span>
    </button>
  )
}

/** The clipboard exists only on https and localhost; a store on plain http still copies the old way. */
async function writeClipboard(value: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(value)
  const area = document.createElement('textarea')
  area.value = value
  area.className = 'visually-hidden'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
