import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { BuylinkError } from '../../kernel/errors.ts'
import { COMMON_PASSWORDS } from './common-passwords.ts'

export const PASSWORD_LENGTH = { min: 12, max: 256 } as const

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane; about 80 ms of one core, off the event loop. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const SALT_BYTES = 16
const TAG_BYTES = 32

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)

type Cost = Pick<Argon2Parameters, 'memory' | 'passes' | 'parallelism'>

interface ParsedHash {
  readonly cost: Cost
  readonly salt: Buffer
  readonly tag: Buffer
}

/** The same text however a keyboard composes its accents. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'))

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

const compute = (password: string, salt: Buffer, cost: Cost, tagLength: number): Promise<Buffer> =>
  derive('argon2id', { message: bytesOf(password), nonce: salt, tagLength, ...cost })

/** @returns A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await compute(password, salt, COST, TAG_BYTES)
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`
}

export interface PasswordVerdict {
  readonly ok: boolean
  /** Right, but hashed at another cost than today's: hash it again while it is known. */
  readonly needsRehash: boolean
}

/**
 * Compares in constant time. Without a hash (no such user, no password set) it takes as long and says no, so that the
 * time of an answer does not tell who is registered.
 *
 * @param phc What `hashPassword` returned, or the same format of another system.
 */
export async function verifyPassword(password: string, phc: string | null | undefined): Promise<PasswordVerdict> {
  const parsed = phc ? parse(phc) : undefined
  const { cost, salt, tag } = parsed ?? { cost: COST, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) }
  const computed = await compute(password.slice(0, PASSWORD_LENGTH.max), salt, cost, tag.length)
  const ok = timingSafeEqual(computed, tag) && parsed !== undefined
  return { ok, needsRehash: ok && !isToday(cost, tag) }
}

const isToday = (cost: Cost, tag: Buffer): boolean =>
  cost.memory === COST.memory &&
  cost.passes === COST.passes &&
  cost.parallelism === COST.parallelism &&
  tag.length === TAG_BYTES

function parse(phc: string): ParsedHash | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{11,})\$([\w+/-]{22,})$/.exec(phc)
  if (!match) return undefined
  const [, memory, passes, parallelism, salt = '', tag = ''] = match
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/**
 * Why a new password is refused, or `undefined`. Length is what counts (NIST SP 800-63B §3.1.1.2): no rules about
 * kinds of characters.
 *
 * @param own Texts it must not be made of: e-mail address, login, name.
 */
export function passwordWeakness(password: string, own: readonly string[] = []): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase()
  if (Array.from(password).length < PASSWORD_LENGTH.min) return `Use at least ${PASSWORD_LENGTH.min} characters.`
  if (password.length > PASSWORD_LENGTH.max) return `Use at most ${PASSWORD_LENGTH.max} characters.`
  if (new Set(plain).size < 4) return 'Use more different characters.'
  if (isRun(plain)) return 'Do not use a row of neighbouring characters.'
  // `Password2026!` is `password` to whoever guesses.
  const stem = plain.replace(/^[^a-z]+|[^a-z]+$/g, '')
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(stem)) return 'This password is among the first ones guessed.'
  const words = own.flatMap((text) => [text, text.split('@')[0] ?? '']).map((text) => text.toLowerCase())
  if (words.some((word) => word.length >= 4 && (plain === word || stem === word)))
    return 'Do not use your own name or address.'
  return undefined
}

const isRun = (text: string): boolean => {
  const steps = new Set<number>()
  for (let index = 1; index < text.length; index++) steps.add(text.charCodeAt(index) - text.charCodeAt(index - 1))
  return steps.size === 1
}

/** @throws {BuylinkError} `weak_password`, with the reason at `password`. */
export function assertStrongPassword(password: string, own: readonly string[] = []): void {
  const weakness = passwordWeakness(password, own)
  if (weakness === undefined) return
  throw new BuylinkError('weak_password', weakness, {
    problems: [{ path: 'password', code: 'weak_password', message: weakness }],
  })
}
