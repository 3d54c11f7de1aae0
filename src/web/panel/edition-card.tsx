import { useText } from '../messages/use-text.ts'
import type { EditionUpsell } from './upsell-types.ts'
import { UpsellLine } from './upsell-line.tsx'

/** The next higher edition, on the pages of subscriptions and usage; nothing where none is promoted. */
export function EditionCard({ upsell }: { upsell: EditionUpsell | null }) {
  const { t } = useText()
  if (upsell === null) return null
  return (
    <section className="card stack no-print" aria-labelledby="higher-edition">
      <h2 id="higher-edition">{t('usage.edition', { title: upsell.title })}</h2>
      <p>{upsell.text}</p>
      <UpsellLine action={upsell.action} quiet />
    </section>
  )
}
