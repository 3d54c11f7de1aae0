import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantityOf } from './quantity.ts'
import { createText } from './text.ts'

const text = createText('en', [])
test('packs of a unit are multiplied out', () => assert.equal(quantityOf(text, 20, '100 GB'), '2,000 GB'))
test('measures keep their unit', () => assert.equal(quantityOf(text, 1000, 'GB'), '1,000 GB'))
test('pieces are counted', () => assert.equal(quantityOf(text, 10, 'workstation'), '10'))
