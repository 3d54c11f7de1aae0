import { When } from '../design/values.tsx'
import type { MessageKey } from '../messages/catalogue.ts'
import { records } from '../messages/en/records.ts'
import { useText } from '../messages/use-text.ts'
import type { HistoryEntry } from './types.ts'
import { Who } from './who.tsx'

/** What became of an order or a subscription: what, when, by whom. Events without a word of ours are for programs. */
export function Steps({
  title,
  history,
  texts = records,
}: {
  title: string
  history: readonly HistoryEntry[]
  /** The messages that are there, for the words of the events. */
  texts?: Readonly<Record<string, string>>
}) {
  const { t } = useText()
  const steps = history.flatMap((entry) => {
    const { type, operation } = entry
    // What a service is asked for in a life is no setting up: each operation has words of its own.
    const key = [`event.${type}.${operation}`, `event.${type}`].find((each) => each in texts)
    return key ? [{ ...entry, says: t(key as MessageKey) }] : []
  })
  if (steps.length === 0) return null
  return (
    <section className="card stack no-print">
      <h2>{title}</h2>
      <ol className="timeline">
        {steps.map(({ at, says, actor }) => (
          <li key={`${at}${says}`}>
            <p>
              {says}{' '}
              <span className="quiet small">
                <When at={at} /> · <Who actor={actor} />
              </span>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
