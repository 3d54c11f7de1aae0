export { foldUsage, type SubjectReport } from './fold-usage.ts'
export { type DailyUsage, type UsageKey, UsageName, type UsageReport, type UsageSubject } from './schema.ts'
export { dailyUsageOf, findSubjects, lockUsages, usagesOf } from './store.ts'
export { usageRoutes } from './routes.ts'
