export { createAttachments } from './attach.ts'
export { invoiceRoutes } from './routes.ts'
export { statementRoutes } from './statement-routes.ts'
export { invoiceSubscriber, issueMissing } from './subscribers.ts'
