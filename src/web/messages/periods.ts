import type { DurationValue } from './text.ts'
import type { PageText } from './use-text.ts'

/** The name of a period as a choice: `Monthly`, `Yearly`, `2 years`, `No fixed term`. */
export function periodName({ t }: PageText, duration: DurationValue): string {
  if (!duration) return t('period.endless')
  if (duration.value === 1 && duration.unit === 'months') return t('period.monthly')
  if (duration.value === 1 && duration.unit === 'years') return t('period.yearly')
  return t(`span.${duration.unit}`, { n: duration.value })
}

/** A length of time: `14 days`. */
export const periodSpan = ({ t }: PageText, duration: DurationValue): string =>
  duration ? t(`span.${duration.unit}`, { n: duration.value }) : t('period.endless')

/** How often: `every month`. An endless period is charged by the month. */
export const periodEvery = ({ t }: PageText, duration: DurationValue): string =>
  duration ? t(`every.${duration.unit}`, { n: duration.value }) : t('every.months', { n: 1 })
