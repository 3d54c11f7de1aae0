import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLinks, pagesOfSitemap } from './find-links.ts'

const query =
  'shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application'
const link = `https://shop.example/external_dispatcher/settle?${query}`

for (const { name, text, urls } of [
  {
    name: 'an attribute, its ampersands written as HTML has them',
    text: `<a href="${link.replaceAll('&', '&amp;')}">Buy</a>`,
    urls: [link],
  },
  { name: 'Markdown', text: `Order [here](${link}).`, urls: [link] },
  { name: 'the end of a sentence', text: `Order at ${link}, or at ${link}.`, urls: [link, link] },
  {
    name: 'percent-encoded brackets',
    text: `${link.replaceAll('[', '%5B').replaceAll(']', '%5D')}`,
    urls: [link.replaceAll('[', '%5B').replaceAll(']', '%5D')],
  },
  {
    name: 'the control panel’s own address',
    text: `'http://localhost:8080/client/new_order?${query}'`,
    urls: [`http://localhost:8080/client/new_order?${query}`],
  },
  { name: 'a relative link of a page', text: `<a href="/external_dispatcher/settle?${query}">`, urls: [link] },
  { name: 'nothing else', text: 'https://shop.example/product/backup?a=1 and /external_dispatcher/settle', urls: [] },
])
  test(`finds links: ${name}`, () => {
    assert.deepEqual(
      findLinks(text, 'https://shop.example/page').map(({ url }) => url),
      urls,
    )
  })

test('says the line of each link', () => {
  assert.deepEqual(
    findLinks(`one\n\n  ${link}\r\n"${link}" ${link}`).map(({ line }) => line),
    [3, 4, 4],
  )
})

test('reads the pages of a sitemap, and tells what is none', () => {
  const text =
    '<?xml version="1.0"?><urlset><url><loc>https://a.example/?x=1&amp;y=2</loc></url><url><loc> https://a.example/b </loc></url></urlset>'
  assert.deepEqual(pagesOfSitemap(text), ['https://a.example/?x=1&y=2', 'https://a.example/b'])
  assert.equal(pagesOfSitemap('<html><loc>x</loc></html>'), undefined)
})
