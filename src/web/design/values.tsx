import type { WireMoney } from '../../kernel/money.ts'
import { useText } from '../messages/use-text.ts'
import { useNow } from './use-now.ts'

/** An amount of money; `code` adds the currency's code where the sign alone is ambiguous. */
export function Money({ value, code = false }: { value: WireMoney; code?: boolean }) {
  return <span className="money">{useText().money(value, { code })}</span>
}

/** A time as people say it, with the exact instant on hover and for machines. */
export function When({ at, plain = false }: { at: string; plain?: boolean }) {
  const text = useText()
  const nowMs = useNow()
  return (
    <time dateTime={at} title={text.instant(at)}>
      {plain ? text.date(at) : text.relative(at, nowMs)}
    </time>
  )
}
