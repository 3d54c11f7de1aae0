export { effectiveBrand, effectiveBrands } from './effective-brand.ts'
export { enableBrand, type NewBrand } from './enable-brand.ts'
export { DEFAULT_BRAND } from './rules.ts'
export { BrandSettings, type EffectiveBrand } from './schema.ts'
