/** The pages of this area, loaded together: people, what they may, and programs that act for them. */
import { people } from '../../messages/en/people.ts'
import { addMessages } from '../texts.ts'

addMessages('en', people)

export * as clients from './clients.tsx'
export * as newClient from './new-client.tsx'
export * as person from './person.tsx'
export * as users from './users.tsx'
