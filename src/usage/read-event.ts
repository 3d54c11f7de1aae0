import { DAY_MS } from '../kernel/time.ts'
import type { UsageReport } from './schema.ts'

/** Past what a number of JSON holds exactly there is no usage: 8 PiB. */
const MAX = BigInt(Number.MAX_SAFE_INTEGER)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const USAGE_NAME = /^[a-z][a-z0-9_]{0,63}$/
const TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/
const MAX_TEXT = 512

export type ReadEvent = UsageReport | { readonly problem: string }

/**
 * Reads a CloudEvent (1.0, JSON format) that reports usage: `subject` is the tenant's UUID, `time` is required, `data` is
 * `{usage_name, delta}` or `{usage_name, value}`. Written by hand, since hundreds come in one request. Attributes that
 * are not ours (`type`, extensions) are let through, as the specification asks of receivers.
 *
 * @param now No usage can be of later than a day from now: a wrong clock would hide all that follows.
 */
export function readEvent(given: unknown, now: Date): ReadEvent {
  if (!isRecord(given)) return { problem: 'An event is a JSON object' }
  const { specversion, id, source, type, subject, time, data } = given
  if (specversion !== '1.0') return { problem: `specversion must be "1.0"${known(given)}` }
  if (!isText(id)) return { problem: `id must be text of 1 to ${MAX_TEXT} characters` }
  if (!isText(source)) return { problem: `source must be text of 1 to ${MAX_TEXT} characters` }
  if (!isText(type)) return { problem: `type must be text of 1 to ${MAX_TEXT} characters` }
  if (typeof subject !== 'string' || !UUID.test(subject)) return { problem: 'subject must be the UUID of a tenant' }
  if (typeof time !== 'string' || !TIME.test(time)) return { problem: 'time must be an RFC 3339 time with its zone' }
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return { problem: 'time must be an RFC 3339 time with its zone' }
  if (at.getTime() > now.getTime() + DAY_MS) return { problem: 'time lies in the future' }
  if (at.getUTCFullYear() < 2000) return { problem: 'time lies before the year 2000' }
  if (!isRecord(data)) return { problem: 'data must be an object: {"usage_name", "delta"} or {"usage_name", "value"}' }
  const { usage_name: usageName, delta, value, ...more } = data
  const [stranger] = Object.keys(more)
  if (stranger !== undefined) return { problem: `data has no field ${stranger}` }
  if (typeof usageName !== 'string' || !USAGE_NAME.test(usageName))
    return { problem: 'data.usage_name must be 1 to 64 of the characters a-z 0-9 _' }
  if ((delta === undefined) === (value === undefined)) return { problem: 'data has either delta or value' }
  const amount = wholeOf(delta ?? value)
  if (amount === undefined)
    return { problem: `data.${delta === undefined ? 'value' : 'delta'} must be a whole number up to ${MAX}` }
  if (delta === undefined && amount < 0n) return { problem: 'data.value must not be below 0' }
  const change = delta === undefined ? { value: amount } : { delta: amount }
  return { source, eventId: id, tenantId: subject.toLowerCase(), usageName, at, change }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && value.isWellFormed() && !value.includes('\0')

/** A number, or decimal digits for those whose JSON has no large ones. */
function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined
  const whole = BigInt(value)
  return whole <= MAX && whole >= -MAX ? whole : undefined
}

/** Names what was given instead, for whoever sent something else than an event. */
const known = (given: Readonly<Record<string, unknown>>): string => {
  const names = Object.keys(given).slice(0, 10)
  return names.length === 0 ? '' : ` (given: ${names.join(', ').slice(0, 200)})`
}
