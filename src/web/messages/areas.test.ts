import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

/**
 * A page's texts come with its area (`addMessages`): what no area of a page brings would show as its key. So for every
 * area: the files it is made of, the messages they ask for, and where these come from.
 */
const panel = join(import.meta.dirname, '../panel')
/** What stands around an area's pages: the menus, the slip of a checkout, or nothing. */
const frameOf = (area: string): string | undefined =>
  /^entrance|new-order/.test(area)
    ? undefined
    : area.startsWith('checkout/')
      ? 'checkout/frame-area.ts'
      : 'frame/area.ts'

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type)[^'"]*? from '(\.[^']+)'|^\} from '(\.[^']+)'/gm)]
    .map(([, one, other]) => join(dirname(file), one ?? other ?? ''))
    .filter((path) => path.includes('/web/') && /\.tsx?$/.test(path))

function filesFrom(entries: readonly string[]): Set<string> {
  const found = new Set<string>()
  const todo = [...entries]
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (found.has(file)) continue
    found.add(file)
    todo.push(...importsOf(file))
  }
  return found
}

const isCatalogue = (file: string): boolean => file.includes('/messages/en/')
const keysIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^ {2}'?([a-z_]+(?:\.[a-z_]+)*)'?:/gm)].map(([, key = '']) => key)
const askedIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([^']+)'|'([a-z_]+(?:\.[a-z_]+)+)'/g)].map(
    ([, call, literal]) => call ?? literal ?? '',
  )

const main = filesFrom([join(panel, 'main.tsx')])
const every = new Set(globSync(join(panel, '../messages/en/*.ts')).flatMap(keysIn))

for (const area of [...globSync('**/{area,*-area}.ts', { cwd: panel }), 'checkout/new-order.tsx'].sort())
  test(`every text of ${area} comes with it`, () => {
    const frame = frameOf(area)
    const files = new Set([...main, ...filesFrom([area, ...(frame ? [frame] : [])].map((file) => join(panel, file)))])
    const brought = new Set([...files].filter(isCatalogue).flatMap(keysIn))
    const missing = [...files]
      .filter((file) => !isCatalogue(file))
      .flatMap((file) =>
        askedIn(file)
          .filter((key) => every.has(key) && !brought.has(key))
          .map((key) => `${relative(panel, file)}: ${key}`),
      )
    assert.ok(brought.size > 50)
    assert.deepEqual(missing, [])
  })
