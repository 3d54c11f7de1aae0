import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toCsv } from './csv.ts'

for (const { name, value, cell } of [
  { name: 'a number stays one', value: -49.5, cell: '-49.5' },
  { name: 'a negative amount stays a number', value: '-49.00', cell: '-49.00' },
  { name: 'a comma is quoted', value: 'Fox, Dana', cell: '"Fox, Dana"' },
  { name: 'quotes are doubled', value: 'the "Fox"', cell: '"the ""Fox"""' },
  { name: 'a line break is quoted', value: 'a\nb', cell: '"a\nb"' },
  { name: 'a formula is made a text', value: '=1+1', cell: "'=1+1" },
  { name: 'so is what begins like one', value: '@SUM(A1)', cell: "'@SUM(A1)" },
])
  test(name, () => assert.equal(toCsv([[value, 1]]), `\uFEFF${cell},1\r\n`))
