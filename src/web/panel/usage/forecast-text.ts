import type { PageText } from '../../messages/use-text.ts'
import { dayText } from '../day.ts'
import type { Forecast } from './types.ts'

/** A forecast in a sentence or two; null where there is no limit to run into. */
export function forecastText(text: PageText, forecast: Forecast): string | null {
  const { t } = text
  switch (forecast.kind) {
    case 'unlimited':
      return null
    case 'out':
      return t('forecast.out')
    case 'not_at_this_rate':
      return t('forecast.not_at_this_rate')
    case 'not_enough_data':
      return t('forecast.not_enough_data', { days: forecast.days, needed: forecast.needed })
    case 'runs_out': {
      const { day, earliest, latest } = forecast
      const said = t('forecast.runs_out', { day: dayText(text, day) })
      if (earliest === latest) return said
      const from = { earliest: dayText(text, earliest) }
      const range =
        latest === null ? t('forecast.open', from) : t('forecast.range', { ...from, latest: dayText(text, latest) })
      return `${said} ${range}`
    }
  }
}
