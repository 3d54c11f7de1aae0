export type { RegistrationFace } from './face.ts'
export { registrationRoutes } from './routes.ts'
export { tellOfSignIn } from './tell-sign-in.ts'
