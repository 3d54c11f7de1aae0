import type { ApplicationDraft, TopupDraft } from './link.ts'
import { addError, addWarning, type Notes, warnOfIndexes } from './notes.ts'
import { isParams, listOf, type Params } from './params.ts'
import { quote, said } from './quote.ts'
import { readResources } from './read-resources.ts'
import { isAmount, isInteger } from './shape.ts'
import { unknownKeys } from './trace.ts'

const APPLICATION_KEYS: readonly string[] = ['plan_id', 'plan_period_id', 'type', 'resources']
const TOPUP_KEYS: readonly string[] = ['type', 'amount']

export interface ItemsDraft {
  readonly application: ApplicationDraft | null
  readonly topup: TopupDraft | null
}

/** Reads the cart: exactly one application and at most one top-up after it (spec/buy-links.md "Codes", items to top-up). */
export function readItems(params: Params, notes: Notes): ItemsDraft {
  const cart = params.shopping_cart_items
  const items = listOf(cart)
  let application: ApplicationDraft | null = null
  let topup: TopupDraft | null = null
  if (!items || items.length === 0) {
    addError(
      notes,
      'no_items',
      'items',
      params,
      'shopping_cart_items',
      'The link orders nothing: it has no shopping_cart_items.',
      'Add the plan, its period and shopping_cart_items[][type]=application.',
    )
    return { application, topup }
  }
  if (!Array.isArray(cart)) warnOfIndexes(notes, 'items', params, 'shopping_cart_items')
  for (let at = 0; at < items.length; at++) {
    const item = items[at]
    const part = `items[${at}]`
    const type = isParams(item) ? item.type : undefined
    if (!isParams(item) || type === undefined || type === null || type === '') {
      addError(
        notes,
        'item_type_missing',
        `${part}.type`,
        isParams(item) ? item : items,
        isParams(item) ? 'type' : at,
        'An item of the link does not say what it is.',
        'Add shopping_cart_items[][type]=application (or topup) to the item.',
      )
    } else if (type === 'application') {
      if (application)
        addError(
          notes,
          'too_many_applications',
          part,
          item,
          'type',
          'The link orders more than one plan; it can order only one.',
          'Make one link for each plan.',
        )
      else application = readApplication(item, part, notes)
    } else if (type === 'topup') {
      if (!application)
        addError(
          notes,
          'topup_without_application',
          part,
          item,
          'type',
          'The top-up has no plan before it to belong to.',
          'Put the top-up after the item with type=application.',
        )
      if (topup)
        addError(
          notes,
          'topup_duplicate',
          part,
          item,
          'type',
          'The link has more than one top-up.',
          'Keep one top-up and give it the whole amount.',
        )
      else topup = readTopup(item, part, notes)
    } else {
      addError(
        notes,
        'item_type_unknown',
        `${part}.type`,
        item,
        'type',
        `${said(type)} is no type of item.`,
        'Use type=application for the plan and type=topup for a top-up.',
      )
    }
  }
  if (!application)
    addError(
      notes,
      'application_missing',
      'items',
      params,
      'shopping_cart_items',
      'The link orders no plan: none of its items has type=application.',
      'Add the plan, its period and shopping_cart_items[][type]=application.',
    )
  return { application, topup }
}

function readApplication(item: Params, part: string, notes: Notes): ApplicationDraft {
  for (const key of unknownKeys(notes.trace, item, APPLICATION_KEYS)) {
    const suggestion =
      key === 'amount'
        ? 'An amount belongs to a top-up: put shopping_cart_items[][type]=topup before it.'
        : 'Remove it, or check its spelling.'
    addWarning(notes, 'unknown_key', `${part}.${key}`, item, key, `${quote(key)} means nothing for a plan.`, suggestion)
  }
  return {
    part,
    plan_id: readId(item, 'plan_id', part, notes),
    plan_period_id: readId(item, 'plan_period_id', part, notes),
    resources: item.resources === undefined ? [] : readResources(item, `${part}.resources`, notes),
  }
}

function readId(item: Params, key: 'plan_id' | 'plan_period_id', part: string, notes: Notes): string | null {
  const value = item[key]
  if (typeof value === 'string' && isInteger(value)) return value
  const what = key === 'plan_id' ? 'plan' : 'period'
  if (value === undefined || value === null || value === '') {
    addError(
      notes,
      what === 'plan' ? 'plan_missing' : 'period_missing',
      `${part}.${key}`,
      item,
      key,
      `The link does not say which ${what} to order.`,
      `Add the number of the ${what}: shopping_cart_items[][${key}]=….`,
    )
  } else {
    addError(
      notes,
      'id_invalid',
      `${part}.${key}`,
      item,
      key,
      `${said(value)} is no number of a ${what}.`,
      `Use the number shown in the list of ${what}s, digits only.`,
    )
  }
  return null
}

function readTopup(item: Params, part: string, notes: Notes): TopupDraft {
  for (const key of unknownKeys(notes.trace, item, TOPUP_KEYS)) {
    const suggestion =
      key === 'plan_id' || key === 'plan_period_id' || key === 'resources'
        ? `Put it before shopping_cart_items[][type]=topup: ${key} belongs to the plan.`
        : 'Remove it, or check its spelling.'
    addWarning(
      notes,
      'unknown_key',
      `${part}.${key}`,
      item,
      key,
      `${quote(key)} means nothing for a top-up.`,
      suggestion,
    )
  }
  return { part, amount: readAmount(item, `${part}.amount`, notes) }
}

function readAmount(item: Params, part: string, notes: Notes): string | null {
  const value = item.amount
  if (value === undefined || value === null || value === '') {
    addError(
      notes,
      'amount_missing',
      part,
      item,
      'amount',
      'The top-up has no amount.',
      'Add shopping_cart_items[][amount]=… after type=topup.',
    )
    return null
  }
  // The documents' own example writes `{1000}`; whoever copied it meant 1000.
  const braced = typeof value === 'string' && value.startsWith('{') && value.endsWith('}')
  const amount = braced ? value.slice(1, -1) : value
  if (typeof amount !== 'string' || !isAmount(amount)) {
    addError(
      notes,
      'amount_invalid',
      part,
      item,
      'amount',
      `${said(value)} is no amount to pay.`,
      'Give a number above zero such as 1000 or 49.90, without currency or thousands separators.',
    )
    return null
  }
  if (braced)
    addWarning(
      notes,
      'amount_braces',
      part,
      item,
      'amount',
      `The amount stands in braces; it is read as ${amount}.`,
      `Write ${amount} without braces.`,
    )
  return amount
}
