import type { ReactNode } from 'react'
import { useSession } from '../session.ts'
import { FocusFrame } from '../focus-frame.tsx'

/** Around the pages before one is signed in: one narrow column. */
export function EntranceFrame({ children }: { children: ReactNode }) {
  const { store } = useSession()
  return (
    <FocusFrame home={store ? '/' : '/client'}>
      <div className="narrow stack stack-5">{children}</div>
    </FocusFrame>
  )
}
