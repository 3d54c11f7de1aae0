import { useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { useText } from '../../messages/use-text.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'

/** A button that does something after a question. */
export function AskFirst({
  label,
  title,
  text,
  look,
  run,
}: {
  label: string
  title: string
  /** What doing it means. */
  text: string
  look: 'plain' | 'danger'
  run: () => Promise<void>
}) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const doing = useOperation(
    useCallback(async () => {
      await run()
      setOpen(false)
    }, [run]),
  )
  return (
    <>
      <Button look={look} onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="stack">
          <p>{text}</p>
          <ErrorSummary error={doing.error} failures={doing.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('dialog.not_now')}</Button>
            <Button
              look={look === 'danger' ? 'danger' : 'primary'}
              pending={doing.pending}
              onClick={() => void doing.run()}
            >
              {label}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
