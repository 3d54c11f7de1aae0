import type { LinkError, LinkErrorCode, LinkWarning, LinkWarningCode } from './link.ts'
import type { Params } from './params.ts'
import { positionIn, type Trace } from './trace.ts'

/** What there is to say about one link, in the order in which it is found. */
export interface Notes {
  readonly trace: Trace
  readonly errors: LinkError[]
  readonly warnings: LinkWarning[]
}

/** Notes an error. `owner[key]` is what it is about; when it is absent, the note points at where `owner` starts. */
export function addError(
  notes: Notes,
  code: LinkErrorCode,
  part: string,
  owner: object,
  key: string | number,
  message: string,
  suggestion: string,
): void {
  notes.errors.push({ code, part, position: positionIn(notes.trace, owner, key), message, suggestion })
}

/** Notes a warning, as {@link addError} does an error. */
export function addWarning(
  notes: Notes,
  code: LinkWarningCode,
  part: string,
  owner: object,
  key: string | number,
  message: string,
  suggestion: string,
): void {
  notes.warnings.push({ code, part, position: positionIn(notes.trace, owner, key), message, suggestion })
}

/** Warns of a list written with indexes: it is read, but not by everyone in the same way. */
export const warnOfIndexes = (notes: Notes, part: string, owner: Params, key: string): void =>
  addWarning(
    notes,
    'items_indexed',
    part,
    owner,
    key,
    'The list is written with indexes; it is read in their order.',
    `Write ${key}[] without an index.`,
  )
