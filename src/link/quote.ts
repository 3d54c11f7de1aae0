import type { ParamValue } from './params.ts'

/** Text from a link as it may stand in a message: in quotation marks, and cut when it is long. */
export function quote(text: string): string {
  if (text.length <= 40) return `“${text}”`
  // Cut between characters, never inside one.
  return `“${Array.from(text.slice(0, 80)).slice(0, 40).join('').toWellFormed()}…”`
}

/** A value in a message: quoted when it is text; lists and hashes are not shown. */
export const said = (value: ParamValue): string => (typeof value === 'string' ? quote(value) : 'What is given')
