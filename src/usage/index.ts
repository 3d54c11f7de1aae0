export { recordUsage, usagesOf } from './record-usage.ts'
