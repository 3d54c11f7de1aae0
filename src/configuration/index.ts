export { accountExportRoutes } from './account-export.ts'
export { applyConfiguration } from './apply-configuration.ts'
export { configurationRoutes } from './routes.ts'
