import type { LinkError, LinkErrorCode, LinkWarning, LinkWarningCode } from './link.ts'
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
