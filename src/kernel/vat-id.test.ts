import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasVatForm, isUnion, isVatId } from './vat-id.ts'

for (const [country, id] of [
  ['AT', 'ATU12345678'],
  ['BE', 'BE 0123.456.789'],
  ['CH', 'CHE-123.456.789 MWST'],
  ['DE', 'de123456789'],
  ['ES', 'ESX1234567X'],
  ['FR', 'FRXX123456789'],
  ['GR', 'EL123456789'],
  ['IE', 'IE1234567WA'],
  ['NL', 'NL123456789B01'],
  ['PL', 'PL1234567890'],
  ['SE', 'SE123456789001'],
] as const)
  test(`${id} has the form of ${country}`, () => assert.equal(isVatId(country, id), true))

for (const [country, id, why] of [
  ['DE', 'DE12345678', 'is too short'],
  ['DE', 'DE1234567890', 'is too long'],
  ['DE', '123456789', 'lacks its country'],
  ['DE', 'AT123456789', 'is of another country'],
  ['GR', 'GR123456789', 'begins with EL in Greece'],
  ['SE', 'SE123456789002', 'ends with 01 in Sweden'],
  ['DE', '', 'is none'],
  ['US', 'US123456789', 'is of a country without them'],
  [null, 'DE123456789', 'needs a country'],
] as const)
  test(`${id} of ${country}: ${why}`, () => assert.equal(isVatId(country, id), false))

test('Switzerland has numbers, and is not of the Union', () => {
  assert.deepEqual(
    [hasVatForm('CH'), isUnion('CH'), isUnion('GR'), hasVatForm('US'), hasVatForm(null)],
    [true, false, true, false, false],
  )
})
