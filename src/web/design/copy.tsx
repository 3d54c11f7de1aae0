import { useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { Check, Copy } from './icons.tsx'

/** A value with a button that copies it; `name` says what is copied. */
export function Copyable({ value, name, shown }: { value: string; name: string; shown?: string }) {
  return (
    <span className="copy">
      <span className="value mono">{shown ?? value}</span>
      <CopyButton value={value} name={name} compact />
    </span>
  )
}

/** `compact` shows the icon alone; its name is still said. */
export function CopyButton({ value, name, compact = false }: { value: string; name: string; compact?: boolean }) {
  const { t } = useText()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await writeClipboard(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      className={compact ? 'copy-button compact no-print' : 'copy-button no-print'}
      onClick={copy}
      aria-label={t('copy.label', { name })}
    >
      <Icon size={14} />
      <span aria-live="polite" className={compact ? 'visually-hidden' : undefined}>
        {copied ? t('copy.done') : t('copy.copy')}
      </span>
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
