import type { EventTypeName } from './catalogue.ts'
import type { Channel, Recipient, Template } from './schema.ts'

/** A handler that is there from the start, until someone puts their own in its place. */
export interface BuiltIn {
  readonly name: string
  readonly event: EventTypeName
  readonly channel: Channel
  readonly to: readonly Recipient[]
  readonly condition?: string
  readonly text: Template
}

export const mail = (subject: string, body: string): Template => ({ subject, body })
