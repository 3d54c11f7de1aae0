import { useText } from '../messages/use-text.ts'
import type { KnownActor } from './types.ts'

/** Who did something: by name where that is known. */
export function Who({ actor: { kind, name, id, above } }: { actor: KnownActor }) {
  const { t } = useText()
  if (name !== null) return name
  if (above) return t('actor.above')
  // Nobody of that id any more: the id is all there is.
  return kind === 'system' ? t('actor.system') : id === null ? t('actor.anonymous') : t('actor.gone', { id })
}
