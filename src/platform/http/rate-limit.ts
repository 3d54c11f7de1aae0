import { isIPv6 } from 'node:net'
import { BuylinkError } from '../../kernel/errors.ts'
import type { Actor } from '../actor.ts'

/** A bucket of `burst` requests that fills up with `perSecond`. */
export interface RatePolicy {
  readonly name: string
  readonly burst: number
  readonly perSecond: number
}

/** Defaults of docs/reference: an API client, a signed-in user, an address that is neither. */
export const RATES = {
  api_client: { name: 'client', burst: 2000, perSecond: 200 },
  user: { name: 'user', burst: 200, perSecond: 20 },
  anonymous: { name: 'address', burst: 200, perSecond: 20 },
} as const satisfies Record<string, RatePolicy>

export const perMinute = (name: string, limit: number): RatePolicy => ({ name, burst: limit, perSecond: limit / 60 })

export interface RateLimiter {
  /**
   * Takes one request from a bucket.
   *
   * @returns The `RateLimit` and `RateLimit-Policy` headers (draft-ietf-httpapi-ratelimit-headers).
   * @throws {BuylinkError} `rate_limited`, with `retryAfterSeconds`.
   */
  take(policy: RatePolicy, caller: string): Record<string, string>
}

interface Bucket {
  left: number
  atMs: number
}

const MAX_BUCKETS = 50_000

/** Token buckets in this process's memory: several processes allow as many times as much. */
export function createRateLimiter(nowMs: () => number = () => performance.now()): RateLimiter {
  const buckets = new Map<string, Bucket>()

  function bucketOf(policy: RatePolicy, caller: string, now: number): Bucket {
    const key = `${policy.name} ${caller}`
    const known = buckets.get(key)
    if (known) {
      known.left = Math.min(policy.burst, known.left + ((now - known.atMs) / 1000) * policy.perSecond)
      known.atMs = now
      return known
    }
    // Oldest first: many addresses cannot fill the memory, and dropping a bucket only forgives.
    const oldest = buckets.size >= MAX_BUCKETS ? buckets.keys().next().value : undefined
    if (oldest !== undefined) buckets.delete(oldest)
    const fresh = { left: policy.burst, atMs: now }
    buckets.set(key, fresh)
    return fresh
  }

  return {
    take(policy, caller) {
      const bucket = bucketOf(policy, caller, nowMs())
      if (bucket.left < 1) {
        const retryAfterSeconds = Math.max(1, Math.ceil((1 - bucket.left) / policy.perSecond))
        throw new BuylinkError('rate_limited', `Too many requests; try again in ${retryAfterSeconds} s.`, {
          extra: { retryAfterSeconds },
        })
      }
      bucket.left -= 1
      return headersOf(policy, bucket)
    },
  }
}

function headersOf({ name, burst, perSecond }: RatePolicy, { left }: Bucket): Record<string, string> {
  const refillSeconds = Math.ceil((burst - left) / perSecond)
  return {
    ratelimit: `"${name}";r=${Math.floor(left)};t=${refillSeconds}`,
    'ratelimit-policy': `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
  }
}

/** Of an IPv6 address the /64, which is what one customer of a network has. */
export function addressKey(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped?.[1]) return mapped[1]
  const [head = '', tail] = ip.split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':')
}

export const callerKey = (actor: Actor, ip: string): string =>
  actor.kind === 'anonymous' ? addressKey(ip) : `${actor.kind}:${actor.id}`

/** `undefined`: no limit (the system itself). */
export const policyOf = (actor: Actor): RatePolicy | undefined =>
  actor.kind === 'system' ? undefined : RATES[actor.kind]
