type Rows = readonly (readonly (string | number)[])[]

/**
 * Rows as CSV (RFC 4180), with the mark that tells spreadsheets it is UTF-8. A text that a spreadsheet would run as a
 * formula gets an apostrophe in front (OWASP "CSV Injection"); numbers stay numbers.
 */
export const toCsv = (rows: Rows): string => csvLines(rows, { isFirst: true })

/** A part of such a file, to be sent one after the other; the mark stands before the first alone. */
export const csvLines = (rows: Rows, { isFirst = false }: { readonly isFirst?: boolean } = {}): string =>
  `${isFirst ? '\uFEFF' : ''}${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`

const cell = (value: string | number): string => {
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
