export { createUpsell } from './create-upsell.ts'
export { mintDemoToken } from './demo-token-view.ts'
