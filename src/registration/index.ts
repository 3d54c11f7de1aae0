export type { RegistrationFace } from './face.ts'
export { registrationRoutes } from './routes.ts'
