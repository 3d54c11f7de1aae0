import type { Caller } from './application.ts'
import type { Post } from './every-post.ts'

/** The POSTs of discounts and their codes. */
export const discountPosts = (stage: {
  readonly reseller: Caller
  readonly make: (path: string, body: object, by?: Caller) => Promise<{ readonly id: string }>
}): Readonly<Record<string, () => Promise<Post>>> => {
  const { reseller, make } = stage
  return {
    '/api/v1/discounts': async () => ({
      by: () => reseller,
      path: '/api/v1/discounts',
      body: { name: 'Spring sale', percent: '10', needs_code: true },
    }),
    '/api/v1/discounts/{discount_id}/codes': async () => {
      const { id } = await make('/api/v1/discounts', { name: 'By code', percent: '10', needs_code: true })
      return { by: () => reseller, path: `/api/v1/discounts/${id}/codes`, body: { code: 'FALL-%8', count: 3 } }
    },
  }
}
