import { Check } from './icons.tsx'

/** The way through a checkout: where one is, what is done. */
export function Steps({ label, steps, current }: { label: string; steps: readonly string[]; current: number }) {
  return (
    <nav aria-label={label}>
      <ol className="steps">
        {steps.map((step, index) => (
          <li key={step} aria-current={index === current ? 'step' : undefined} data-done={index < current}>
            <span className="dot">{index < current ? <Check size={13} strokeWidth={3} /> : index + 1}</span>
            <span className="step-name">{step}</span>
          </li>
        ))}
      </ol>
    </nav>
  )
}
