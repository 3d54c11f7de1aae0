/** One field that differs: `from` undefined where it is new, `to` undefined where it is gone. */
export interface Difference {
  /** `periods[1840].recurring_fee`. */
  readonly path: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/**
 * What changes between two values of plain data, field by field, in the order of the later one. Items of a list are
 * told apart by their `id`, else `key`, else `slug`, else `name`; a list of plain values is one field.
 */
export function differences(before: unknown, after: unknown): Difference[] {
  const [old, now] = [flatten(before), flatten(after)]
  const paths = [...new Set([...now.keys(), ...old.keys()])]
  return paths
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, from: old.get(path), to: now.get(path) }))
}

function flatten(value: unknown): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  const walk = (part: unknown, path: string): void => {
    if (part === undefined || part === null) return
    if (Array.isArray(part)) {
      const items: readonly unknown[] = part
      if (items.every((item) => typeof item === 'object' && item !== null))
        for (const [index, item] of items.entries()) walk(item, `${path}[${nameOf(item) ?? index}]`)
      else fields.set(path, items.join(', '))
    } else if (typeof part === 'object' && !(part instanceof Date)) {
      for (const [name, field] of Object.entries(part)) walk(field, path === '' ? name : `${path}.${name}`)
    } else fields.set(path, part instanceof Date ? part.toISOString() : String(part))
  }
  walk(value, '')
  return fields
}

function nameOf(item: unknown): string | undefined {
  const fields = Object(item) as Readonly<Record<string, unknown>>
  const name = fields['id'] ?? fields['key'] ?? fields['slug'] ?? fields['name']
  return typeof name === 'string' || typeof name === 'bigint' ? String(name) : undefined
}
