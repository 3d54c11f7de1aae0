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
 *
 * @param ordered Names of lists whose order says something: `resources`. Where what stands in both stands in another
 *   order, that is one difference, `plans[425].resources.order`.
 */
export function differences(before: unknown, after: unknown, ordered: readonly string[] = []): Difference[] {
  const [old, now] = [flatten(before), flatten(after)]
  const paths = [...new Set([...now.fields.keys(), ...old.fields.keys()])]
  const changed = paths
    .filter((path) => old.fields.get(path) !== now.fields.get(path))
    .map((path) => ({ path, from: old.fields.get(path), to: now.fields.get(path) }))
  const lists = [...now.lists].filter(([path]) => ordered.includes(path.slice(path.lastIndexOf('.') + 1)))
  return [...changed, ...lists.flatMap(([path, names]) => moved(path, old.lists.get(path) ?? [], names))]
}

/** What is new or gone is told by its fields. */
function moved(path: string, before: readonly string[], after: readonly string[]): Difference[] {
  const kept = before.filter((name) => after.includes(name))
  const [from, to] = [kept, after.filter((name) => kept.includes(name))].map((names) => names.join(', '))
  return from === to ? [] : [{ path: `${path}.order`, from, to }]
}

interface Flat {
  /** By path. */
  readonly fields: ReadonlyMap<string, string>
  /** Names of the items of each list, by its path. */
  readonly lists: ReadonlyMap<string, readonly string[]>
}

function flatten(value: unknown): Flat {
  const fields = new Map<string, string>()
  const lists = new Map<string, string[]>()
  const walk = (part: unknown, path: string): void => {
    if (part === undefined || part === null) return
    if (Array.isArray(part)) {
      const items: readonly unknown[] = part
      if (items.every((item) => typeof item === 'object' && item !== null)) {
        const names = items.map((item, index) => nameOf(item) ?? String(index))
        lists.set(path, names)
        for (const [index, item] of items.entries()) walk(item, `${path}[${names[index]}]`)
      } else fields.set(path, items.join(', '))
    } else if (typeof part === 'object' && !(part instanceof Date)) {
      for (const [name, field] of Object.entries(part)) walk(field, path === '' ? name : `${path}.${name}`)
    } else fields.set(path, part instanceof Date ? part.toISOString() : String(part))
  }
  walk(value, '')
  return { fields, lists }
}

function nameOf(item: unknown): string | undefined {
  const fields = Object(item) as Readonly<Record<string, unknown>>
  const name = fields['id'] ?? fields['key'] ?? fields['slug'] ?? fields['name']
  return typeof name === 'string' || typeof name === 'bigint' ? String(name) : undefined
}
