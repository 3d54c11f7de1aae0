/** What a page may load: our own scripts and styles, never inline ones; images from anywhere on https (brand logos). */
export const PAGE_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const API_CSP = "default-src 'none'; frame-ancestors 'none'"

const COMMON = {
  'x-content-type-options': 'nosniff',
  // For browsers that do not know frame-ancestors.
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const

const API = { ...COMMON, 'content-security-policy': API_CSP, 'cache-control': 'no-store' } as const
const PAGE = { ...COMMON, 'content-security-policy': PAGE_CSP } as const
const HSTS = { 'strict-transport-security': 'max-age=31536000' } as const
const HTTPS_API = { ...API, ...HSTS } as const
const HTTPS_PAGE = { ...PAGE, ...HSTS } as const

/** Ready-made, since every answer carries them. A handler may set its own afterwards. */
export function securityHeaders(kind: 'api' | 'page', isHttps: boolean): Readonly<Record<string, string>> {
  if (kind === 'api') return isHttps ? HTTPS_API : API
  return isHttps ? HTTPS_PAGE : PAGE
}
