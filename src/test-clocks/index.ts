export { testClockSubscriber } from './move-test-clock.ts'
export { testClockRoutes } from './routes.ts'
