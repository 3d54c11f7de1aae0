import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = join(import.meta.dirname, 'en')
const catalogues: Readonly<Record<string, string>>[] = []
for (const file of readdirSync(folder))
  catalogues.push(...Object.values<Readonly<Record<string, string>>>(await import(join(folder, file))))
const english: Readonly<Record<string, string>> = Object.assign({}, ...catalogues)
const web = join(import.meta.dirname, '..')
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|^messages\/en\//.test(file))
  .map((file) => readFileSync(join(web, file), 'utf8'))
  .join('\n')

/** Every literal that has the form of a key, wherever it stands: in `t(…)`, in a table of keys, in a choice. */
const literals = new Set([...sources.matchAll(/'([a-z_]+(?:\.[a-z_]+)+|loading|none)'/g)].map(([, key = '']) => key))
/** Beginnings of keys that are put together: `status.order.${…}`. */
const prefixes = [...sources.matchAll(/`([a-z_]+(?:[._][a-z_]*)*[._])\$\{/g)].map(([, prefix = '']) => prefix)

test('no message is missing', () => {
  const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key)
  assert.ok(asked.length > 200, 'the search finds the texts')
  assert.deepEqual(
    asked.filter((key) => !(key in english)),
    [],
  )
})
test('no message is unused', () => {
  const isUsed = (key: string): boolean => literals.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
  assert.deepEqual(
    Object.keys(english).filter((key) => !isUsed(key)),
    [],
  )
})
test('no message is said twice under one key', () => {
  const keys = catalogues.flatMap((catalogue) => Object.keys(catalogue))
  assert.deepEqual(
    keys.filter((key, index) => keys.indexOf(key) !== index),
    [],
  )
})
