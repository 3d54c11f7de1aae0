export { provision } from './provision.ts'
export type { Connectors } from './provision.ts'
export { findTaskOfOrder, insertTask, reopenTask, reopenTaskOf, requestToRow } from './store.ts'
export { createProvisioningSubscriber } from './subscriber.ts'
