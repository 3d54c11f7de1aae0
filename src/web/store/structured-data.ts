import type { ProductProps } from './props.ts'

/** JSON for a data block inside HTML: nothing in it can end the block. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** schema.org Product with one Offer per plan and public period. */
export function productData({ product, canonicalUrl, plans, brand }: ProductProps): unknown {
  const offers = plans.flatMap((plan) =>
    plan.periods
      .filter((period) => !period.trial)
      .map((period) => ({
        '@type': 'Offer',
        name: plan.name,
        price: period.total.amount,
        priceCurrency: period.total.currency,
        availability: 'https://schema.org/InStock',
        url: canonicalUrl,
        seller: { '@type': 'Organization', name: brand.companyName ?? brand.serviceName },
      })),
  )
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.name,
    description: product.summary,
    url: canonicalUrl,
    ...(product.screenshots.length > 0 && {
      image: product.screenshots.map(({ url }) => new URL(url, canonicalUrl).href),
    }),
    brand: { '@type': 'Brand', name: brand.serviceName },
    ...(offers.length > 0 ? { offers } : {}),
  }
}
