export { createDispatcher, type RenderProblems } from './dispatcher.ts'
export { linkBase, periodLink, planLinks } from './plan-links.ts'
export { buylinkRoutes } from './routes.ts'
export { createVisitCounter } from './visits.ts'
