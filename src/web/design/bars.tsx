import { useText } from '../messages/use-text.ts'

const HEIGHT = 100
const GAP = 0.2
/** Fewer bars than this are no broader for it: one alone is a bar too, in the middle. */
const LEAST = 12

/**
 * A bar chart read at a glance: plain SVG, no script. Programs and readers of screens have the table behind it.
 *
 * @param bars In order; `text` is the value as people read it, shown on hover. Less than nothing hangs below the line.
 */
export function Bars({
  label,
  bars,
}: {
  label: string
  bars: readonly { readonly name: string; readonly value: number; readonly text: string }[]
}) {
  const { t } = useText()
  const most = bars.reduce((best, bar) => (bar.value > best.value ? bar : best), { value: 0, text: '0', name: '' })
  const bottom = Math.min(0, ...bars.map(({ value }) => value))
  // Where nothing happened the line lies at the bottom.
  const top = Math.max(bottom === 0 ? 1e-9 : 0, ...bars.map(({ value }) => value))
  const scale = HEIGHT / (top - bottom)
  const width = Math.max(LEAST, bars.length)
  const start = (width - bars.length) / 2
  const isAlone = bars.length === 1
  return (
    <figure className="card chart">
      <figcaption>
        <span className="chart-title">{label}</span>{' '}
        {most.value > 0 ? <span className="small muted">{t('figures.most', { value: most.text })}</span> : null}
      </figcaption>
      <svg
        className="chart-bars"
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bars.map(({ name, value, text }, index) => (
          <rect
            key={name}
            className={value < 0 ? 'bar bar-negative' : 'bar'}
            x={start + index + GAP / 2}
            width={1 - GAP}
            y={(top - Math.max(0, value)) * scale}
            height={Math.abs(value) * scale}
          >
            <title>{`${name}: ${text}`}</title>
          </rect>
        ))}
        <line className="chart-line" x1="0" x2={width} y1={top * scale} y2={top * scale} />
      </svg>
      <div className={`chart-ends small muted${isAlone ? ' chart-alone' : ''}`} aria-hidden="true">
        <span>{bars[0]?.name}</span>
        {isAlone ? null : <span>{bars.at(-1)?.name}</span>}
      </div>
    </figure>
  )
}
