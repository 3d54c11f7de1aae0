export { createUpsell } from './create-upsell.ts'
