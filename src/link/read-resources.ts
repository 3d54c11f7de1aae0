import type { ResourceDraft } from './link.ts'
import { addError, addWarning, type Notes, warnOfIndexes } from './notes.ts'
import { isParams, listOf, type Params, type ParamValue } from './params.ts'
import { quote, said } from './quote.ts'
import { isInteger } from './shape.ts'
import { unknownKeys } from './trace.ts'

const RESOURCE_KEYS: readonly string[] = ['id', 'quantity']

/** Reads the resources preset for a plan: each an id and the whole quantity of it (spec/buy-links.md "Codes"). */
export function readResources(item: Params, part: string, notes: Notes): ResourceDraft[] {
  const entries = listOf(item.resources)
  if (!entries) {
    addError(
      notes,
      'resource_invalid',
      part,
      item,
      'resources',
      'The resources of the plan are not a list.',
      'Write each as [resources][][id]=… and [resources][][quantity]=….',
    )
    return []
  }
  if (!Array.isArray(item.resources)) warnOfIndexes(notes, part, item, 'resources')
  const seen = new Set<string>()
  return entries.map((_, at) => readResource(entries, at, `${part}[${at}]`, seen, notes))
}

function readResource(entries: ParamValue[], at: number, part: string, seen: Set<string>, notes: Notes): ResourceDraft {
  const entry = entries[at]
  const { id, quantity } = isParams(entry) ? entry : {}
  const owner = isParams(entry) ? entry : entries
  const draft = { part, id: null as string | null, quantity: null as string | null }
  if (typeof id === 'string' && isInteger(id)) {
    draft.id = id
    // Two quantities for one resource: whichever we took, half of the makers of such links would not have meant it.
    if (seen.has(id))
      addError(
        notes,
        'resource_invalid',
        part,
        owner,
        owner === entries ? at : 'id',
        `Resource ${id} is listed twice.`,
        'List each resource once, with its whole quantity.',
      )
    seen.add(id)
  } else if (id === undefined || id === null || id === '') {
    addError(
      notes,
      'resource_invalid',
      part,
      owner,
      owner === entries ? at : 'id',
      'A resource of the link has no id.',
      'Write the id first, then its quantity: [resources][][id]=…, [resources][][quantity]=….',
    )
  } else {
    addError(
      notes,
      'id_invalid',
      `${part}.id`,
      owner,
      'id',
      `${said(id)} is no number of a resource.`,
      'Use the number shown in the list of resources, digits only.',
    )
  }
  if (typeof quantity === 'string' && isInteger(quantity)) draft.quantity = quantity
  else if (quantity === undefined || quantity === null || quantity === '') {
    addError(
      notes,
      'resource_invalid',
      `${part}.quantity`,
      owner,
      owner === entries ? at : 'quantity',
      'A resource of the link has no quantity.',
      'Add [resources][][quantity]=… after its id, or leave the resource out to take its minimum.',
    )
  } else {
    addError(
      notes,
      'resource_invalid',
      `${part}.quantity`,
      owner,
      owner === entries ? at : 'quantity',
      `${said(quantity)} is no whole number.`,
      'Give the quantity as a whole number, digits only.',
    )
  }
  if (isParams(entry))
    for (const key of unknownKeys(notes.trace, owner, RESOURCE_KEYS))
      addWarning(
        notes,
        'unknown_key',
        `${part}.${key}`,
        owner,
        key,
        `${quote(key)} means nothing for a resource.`,
        'Remove it, or check its spelling.',
      )
  return draft
}
