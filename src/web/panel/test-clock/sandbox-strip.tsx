import { sandbox } from '../../messages/en/sandbox.ts'
import { useText } from '../../messages/use-text.ts'
import type { SessionClock } from '../session-types.ts'
import { addMessages } from '../texts.ts'
import { utcText } from './utc-text.ts'

addMessages('en', sandbox)

/** Above every page of a sandbox, and around it: nobody may take this time, these orders or this money for real. */
export function SandboxStrip({ clock }: { clock: SessionClock }) {
  const text = useText()
  return (
    <aside className="sandbox-strip" aria-label={text.t('sandbox.label')}>
      <p>
        <strong>{text.t('sandbox.strip')}</strong>{' '}
        <time dateTime={clock.now}>{text.t('sandbox.time', { time: utcText(text, clock.now) })}</time>
      </p>
    </aside>
  )
}
