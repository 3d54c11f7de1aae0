import { createSeal, type Seal } from '../platform/auth/seal.ts'
import type { BrandOptions, BrandSettings } from './schema.ts'

/** For the passwords of brands' mail servers. */
export const createBrandSeal = (secret: string): Seal => createSeal(secret, 'brand mail')

/** As a request names them: what is not named is undefined. */
type GivenOptions = { readonly [Name in keyof BrandSettings]?: BrandSettings[Name] | undefined }

/** Options as they came, with the password apart and sealed; "" keeps the stored one. */
export function sealed(
  seal: Seal,
  { smtp_password, ...options }: GivenOptions,
): { options: Partial<BrandOptions>; smtpPassword: Buffer | undefined } {
  return { options: defined(options), smtpPassword: smtp_password ? seal.seal(smtp_password) : undefined }
}

/** Options that were not named are no keys of the change. */
const defined = (options: GivenOptions): Partial<BrandOptions> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
