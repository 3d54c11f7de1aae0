export { createPlatforms } from './create-platforms.ts'
