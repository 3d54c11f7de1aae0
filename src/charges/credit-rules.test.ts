import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays } from '../kernel/time.ts'
import { decideCredit, hoursLeft } from './credit-rules.ts'

const now = new Date('2026-03-10T12:00:00Z')
const strict = { holdThresholdMinor: 0n, subzeroPeriodDays: 0 }
const generous = { holdThresholdMinor: -20_000n, subzeroPeriodDays: 10 }

for (const { name, available, since, terms, isOnHold } of [
  { name: 'nothing left is no debt', available: 0n, since: null, terms: strict, isOnHold: false },
  { name: 'a cent below zero where nothing may be', available: -1n, since: null, terms: strict, isOnHold: true },
  {
    name: 'below zero within threshold and time',
    available: -20_000n,
    since: addDays(now, -9),
    terms: generous,
    isOnHold: false,
  },
  { name: 'a cent below the threshold, at once', available: -20_001n, since: null, terms: generous, isOnHold: true },
  {
    name: 'below zero for as long as it may',
    available: -1n,
    since: addDays(now, -10),
    terms: generous,
    isOnHold: true,
  },
  {
    name: 'below zero for ever, where that is allowed',
    available: -1n,
    since: addDays(now, -1000),
    terms: { ...generous, subzeroPeriodDays: -1 },
    isOnHold: false,
  },
  {
    name: 'above zero again, however long it was below',
    available: 0n,
    since: addDays(now, -1000),
    terms: generous,
    isOnHold: false,
  },
  {
    name: 'a threshold above zero asks for money at hand',
    available: 499n,
    since: null,
    terms: { ...strict, holdThresholdMinor: 500n },
    isOnHold: true,
  },
])
  test(`${name}: ${isOnHold ? 'on hold' : 'goes on'}`, () => {
    const decision = decideCredit(available, since, terms, now)
    assert.equal(decision.isOnHold, isOnHold)
    assert.deepEqual(decision.subzeroSince, available < 0n ? (since ?? now) : null)
  })

for (const { name, available, exact, hours } of [
  { name: 'nothing is used', available: 500n, exact: 0n, hours: undefined },
  { name: 'nothing is left', available: 0n, exact: 5n, hours: 0 },
  { name: 'ten dollars at a quarter an hour', available: 1000n, exact: 250_000_000_000n, hours: 40 },
  { name: 'part of an hour does not count', available: 99n, exact: 500_000_000_000n, hours: 1 },
])
  test(`how long it lasts: ${name}`, () => assert.equal(hoursLeft(available, exact, 2), hours))
