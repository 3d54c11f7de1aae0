/** The services that plans are provisioned by, loaded together. */
import { connectors as texts } from '../../messages/en/connectors.ts'
import { addMessages } from '../texts.ts'

addMessages('en', texts)

export * as connector from './connector.tsx'
export * as connectors from './connectors.tsx'
export * as newConnector from './new-connector.tsx'
