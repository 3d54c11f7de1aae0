import { type ReactNode, useEffect, useState } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

export function DialogFrame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <>
      <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
        <Modal className="dialog-frame">
          <AriaDialog className="dialog">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {children}
          </AriaDialog>
        </Modal>
      </ModalOverlay>
      <FocusBack />
    </>
  )
}

/**
 * Gives the focus back to what opened the dialog. The library does so with the next frame, which finds the page still
 * inert where React has not cleared the dialog away by then; this comes after the dialog, so it is cleared away last.
 */
function FocusBack() {
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && document.activeElement === document.body) opener.focus()
    },
    [opener],
  )
  return null
}
