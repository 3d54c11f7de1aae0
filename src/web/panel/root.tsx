import { lazy, Suspense, useEffect } from 'react'
import { Outlet } from 'react-router'
import { type PageText, TextProvider } from '../messages/use-text.ts'
import { useSession } from './session.ts'
import { textFor } from './texts.ts'
import { useScrollMemory } from './use-scroll-memory.ts'

/** Loaded for sandboxes alone. */
const SandboxStrip = lazy(() =>
  import('./test-clock/sandbox-strip.tsx').then((module) => ({ default: module.SandboxStrip })),
)

/** Around every page: the reader's language, and where a page was scrolled to. */
export function Root() {
  const session = useSession()
  const text: PageText = textFor(session)
  useScrollMemory()
  useEffect(() => {
    document.documentElement.lang = text.locale
  }, [text.locale])
  return (
    <TextProvider value={text}>
      {session.testClock ? (
        <Suspense>
          <SandboxStrip clock={session.testClock} />
        </Suspense>
      ) : null}
      <Outlet />
    </TextProvider>
  )
}
