import { lazy, type ReactNode, Suspense } from 'react'

/** Loaded when the first question is asked: most visits ask none. */
const loadFrame = () => import('./dialog-frame.tsx')
const DialogFrame = lazy(() => loadFrame().then((module) => ({ default: module.DialogFrame })))

/** Fetches the dialog's code ahead, when a button that opens one is near. */
export const preloadDialog = (): void => void loadFrame()

/** A question in front of the page: focus stays inside, Escape and "not now" leave everything as it was. */
export function Dialog(props: { title: string; isOpen: boolean; onClose: () => void; children: ReactNode }) {
  return props.isOpen ? (
    <Suspense fallback={<div className="progress-line" />}>
      <DialogFrame {...props} />
    </Suspense>
  ) : null
}
