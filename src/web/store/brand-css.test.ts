import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { brandColour, brandCss, brandRoles } from './brand-css.ts'
import { contrast, parseHex, type Rgb } from './colour.ts'

const rgb = (hex: string): Rgb => parseHex(hex) ?? assert.fail(hex)
const grounds = { light: ['#ffffff', '#f6f5f1'], dark: ['#1c1c19', '#131311'] } as const

test('whatever colour a brand chooses, every text is readable and every button findable, light and dark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom('light', 'dark'), (number, theme) => {
      const roles = brandRoles(`#${number.toString(16).padStart(6, '0')}`, theme)
      assert.ok(contrast(rgb(roles.onBrand), rgb(roles.brand)) >= 4.5, `label ${JSON.stringify(roles)}`)
      assert.ok(contrast(rgb(roles.onBrand), rgb(roles.brandHover)) >= 4.5, `hover ${JSON.stringify(roles)}`)
      assert.ok(contrast(rgb(roles.brandText), rgb(roles.brandSoft)) >= 4.5, `soft ${JSON.stringify(roles)}`)
      for (const ground of grounds[theme]) {
        assert.ok(contrast(rgb(roles.brandText), rgb(ground)) >= 4.5, `text ${JSON.stringify(roles)}`)
        assert.ok(contrast(rgb(roles.focus), rgb(ground)) >= 3, `focus ${JSON.stringify(roles)}`)
        const edge = roles.brandEdge === 'transparent' ? roles.brand : roles.brandEdge
        assert.ok(contrast(rgb(edge), rgb(ground)) >= 3, `edge ${JSON.stringify(roles)}`)
      }
    }),
    { numRuns: 400 },
  )
})
test('a colour that is good already is left alone', () => assert.equal(brandRoles('#0e5f4c', 'light').brand, '#0e5f4c'))
test("a brand's own colour comes before its scheme, a bad one does not count", () => {
  assert.equal(brandColour({ color: 'FF8800', colorScheme: 'blue' }), '#ff8800')
  assert.equal(brandColour({ color: 'nonsense', colorScheme: 'blue' }), '#1f55c4')
  assert.equal(brandColour({ color: null, colorScheme: 'no such' }), '#0e5f4c')
})
test('nothing of the input reaches the stylesheet as text', () => {
  assert.doesNotMatch(brandCss({ color: '}body{display:none', colorScheme: '}*{' }), /display|\*/)
})
