import type { Tone } from './notice.tsx'

/** A state in a word, with a dot whose colour repeats (never carries) the meaning. */
export function Badge({ tone, children }: { tone?: Tone | undefined; children: string }) {
  return <span className={tone ? `badge tone-${tone}` : 'badge'}>{children}</span>
}
