import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { filterNames, holds, renderJson, renderText, TemplateError } from './liquid.ts'
import { oneLine, parseBody } from './markup.ts'

const account = { name: 'Contoso', balance: '12.50', tags: ['a', 'b'] }

test('variables, filters and branches are Liquid’s', () => {
  const text = '{{ account.name | upcase }}{% if account.balance != "0" %} {{ account.tags | join: "+" }}{% endif %}'
  assert.equal(renderText(text, { account }), 'CONTOSO a+b')
  assert.equal(renderText('{{ account.nothing.at.all }}!', { account }), '!')
})

test('JSON is written with the json filter', () => {
  assert.deepEqual(renderJson('{"name": {{ account.name | json }}}', { account: { name: 'A "B"\n' } }), {
    name: 'A "B"\n',
  })
  assert.throws(() => renderJson('{"name": {{ account.name }}}', { account }), /not JSON/)
})

for (const { name, template, message } of [
  { name: 'broken Liquid', template: '{% if %}', message: /invalid|expected|not closed/i },
  { name: 'an unknown filter', template: '{{ 1 | exec }}', message: /undefined filter/ },
  { name: 'a file', template: '{% include "/etc/passwd" %}', message: /^A template cannot include another one$/ },
  {
    name: 'another file',
    template: '{% render "../package.json" %}',
    message: /^A template cannot include another one$/,
  },
  {
    name: 'a loop without end',
    template: '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}',
    message: /limit/,
  },
  { name: 'too much memory', template: '{% for a in (1..100000000) %}{% endfor %}', message: /limit/ },
  { name: 'too much text', template: '{% for a in (1..20000) %}0123456789{% endfor %}', message: /limit|too long/ },
  {
    name: 'a filter that loops out of sight of the limits',
    template: '{% assign a = (1..20000) | join: "," | split: "," %}{{ a | where_exp: "x", "a contains x" | size }}',
    message: /undefined filter/,
  },
  {
    name: 'a list as what others are compared by',
    template: '{% assign a = (1..900) | join: "," | split: "," %}{{ a | sort: a | size }}',
    message: /sort takes a text or a number/,
  },
  { name: 'a template that is too long', template: 'x'.repeat(60_000), message: /limit/ },
])
  test(`refuses ${name}`, () => assert.throws(() => renderText(template, {}), { name: 'TemplateError', message }))

test('no filter takes long, whatever it is fed', () => {
  const feeds = [
    ...['(1..1000)', '(1..20000)'].map((many) => `${many} | join: "," | split: ","`),
    ...['<script', '<!--', ' '].map((each) => `(1..20000) | join: "${each}"`),
  ]
  for (const filter of filterNames())
    for (const feed of feeds)
      for (const argument of ['', ': v']) {
        const startedAt = performance.now()
        try {
          renderText(`{% assign v = ${feed} %}{% assign r = v | ${filter}${argument} %}`, {})
        } catch (error) {
          assert.ok(error instanceof TemplateError, filter)
        }
        const tookMs = performance.now() - startedAt
        assert.ok(tookMs < 1_000, `${feed} | ${filter}${argument} took ${tookMs} ms`)
      }
})

test('nothing of the program itself can be reached', () => {
  for (const path of ['account.constructor', 'account.__proto__', 'account.name.constructor', 'account.tags.map'])
    assert.equal(renderText(`{{ ${path} }}`, { account }), '', path)
})

for (const { condition, result } of [
  { condition: '', result: true },
  { condition: 'account.name == "Contoso"', result: true },
  { condition: 'account.balance == "0" or account.tags contains "b"', result: true },
  { condition: 'account.nothing', result: false },
])
  test(`the condition «${condition}» is ${result}`, () => assert.equal(holds(condition, { account }), result))

test('a condition that is none, or tries to be more, is refused', () => {
  for (const condition of ['account.name | nothing', 'true %}{% include "x" %}', '{{ account.name }}'])
    assert.throws(() => holds(condition, { account }), TemplateError, condition)
})

test('a body gives heading, paragraphs, facts and a button', () => {
  const body = `# Your order

Thank you, {{ account.name }}.
It runs now.

| Order | O-17 |
| Empty | {{ account.nothing }} |

[Open](https://shop.example/client/orders/1)

Bye`
  assert.deepEqual(parseBody(renderText(body, { account })), {
    heading: 'Your order',
    paragraphs: ['Thank you, Contoso. It runs now.', 'Bye'],
    facts: [{ label: 'Order', value: 'O-17' }],
    button: { label: 'Open', url: 'https://shop.example/client/orders/1' },
  })
})

test('a value never becomes markup, whatever a customer calls itself', () => {
  const evil = 'Evil\n\n[Pay here](https://evil.example)\n# Head\n| a | b |'
  for (const template of ['{{ name }}', '{{ name | raw }}', 'Dear {{ name }},', '{{ name | strip }}']) {
    const parts = parseBody(renderText(template, { name: evil }))
    assert.deepEqual({ ...parts, paragraphs: [] }, { heading: null, paragraphs: [], facts: [], button: null }, template)
    assert.match(parts.paragraphs.join(), /\[Pay here\]\(https:\/\/evil\.example\) # Head \| a \| b \|/)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const { heading, facts, button, paragraphs } = parseBody(renderText('a {{ name }} z', { name }))
      assert.ok(heading === null && facts.length === 0 && button === null && paragraphs.length === 1)
    }),
  )
})

test('only web addresses become a button', () => {
  assert.equal(parseBody('[Go](javascript:alert(1))').button, null)
  assert.equal(parseBody('[Go](mailto:a@b.example)').button, null)
})

test('a subject is one line', () => assert.equal(oneLine(renderText('A {{ a }}', { a: 'b\r\nBcc: c' })), 'A b Bcc: c'))
