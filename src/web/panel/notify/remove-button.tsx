import { useCallback, useState } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'

/** Deletes a thing after a question that names it. */
export function RemoveButton({
  name,
  text,
  path,
  version,
  to,
}: {
  name: string
  /** What deleting it means. */
  text: string
  path: string
  version: number
  /** Where to go afterwards. */
  to: string
}) {
  const { t } = useText()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const remove = useOperation(
    useCallback(async () => {
      await call(path, { method: 'DELETE', ifMatch: version })
      await navigate(to)
    }, [path, version, to, navigate]),
  )
  return (
    <>
      <Button look="danger" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('notify.delete')}
      </Button>
      <Dialog title={t('notify.delete_title', { name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="stack">
          <p>{text}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('dialog.not_now')}</Button>
            <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
              {t('notify.delete')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}
