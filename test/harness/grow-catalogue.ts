import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { png } from './png.ts'
import { until } from './visitor.ts'

interface Stage {
  /** At the list of products, with "Business mail" among them, and its plan "Mail Team" on sale. */
  readonly staff: Page
  readonly visitor: Page
  /** Origin of the store. */
  readonly store: string
  readonly check: (page: Page, name: string) => Promise<void>
}

/** Two plans more, drafts: one to switch to, one beside it, each named by the page that says so; all of it read back. */
export async function growCatalogue(stage: Stage): Promise<void> {
  const { staff, check } = stage
  await staff.getByRole('link', { name: 'Business mail' }).click()
  await staff.getByRole('heading', { level: 1, name: 'Business mail' }).waitFor()
  const product = staff.url()
  await showPictures(stage)
  for (const name of ['Mail Archive', 'Mail Company']) {
    await staff.goto(`${product}/plans/new`)
    await staff.getByLabel('Plan', { exact: true }).fill(name)
    await staff.getByRole('button', { name: 'Add plan' }).click()
    await staff.getByRole('heading', { level: 1, name }).waitFor()
  }
  await staff.goto(product)
  await staff.getByRole('link', { name: 'Mail Team', exact: true }).click()
  const choose = async (label: string, ...names: readonly string[]) => {
    for (const name of names) {
      await staff.getByRole('combobox', { name: label }).selectOption({ label: `Business mail: ${name}` })
      await staff.getByRole('button', { name: `Add to: ${label}` }).click()
    }
  }
  const chosen = (label: string) => staff.getByRole('list', { name: label }).getByRole('listitem').allInnerTexts()
  await choose('Plans one can switch to', 'Mail Archive', 'Mail Company')
  await choose('An add-on to', 'Mail Company', 'Mail Archive')
  const ordered = staff.getByRole('list', { name: 'Plans one can switch to' })
  await ordered.getByRole('button', { name: 'Move up Business mail: Mail Company' }).click()
  await staff
    .getByRole('list', { name: 'An add-on to' })
    .getByRole('button', { name: 'Take out Business mail: Mail Company' })
    .click()
  const mailboxes = staff.getByRole('group', { name: /^Resource 1/ })
  await mailboxes.getByLabel('Sold').selectOption('boolean')
  await mailboxes.getByLabel('Shown, and can be ordered').uncheck()
  await staff.getByLabel('Shown in the store, and can be ordered').uncheck()
  await staff.getByRole('button', { name: 'Save' }).click()
  // Two are included, and what is there or not is there once.
  await staff.getByText('Mailboxes is there or not: at most 1.').first().waitFor()
  await mailboxes.getByLabel('Sold').selectOption('unit')
  await staff.getByRole('button', { name: 'Save' }).click()
  await staff.getByText('Saved.').waitFor()
  await staff.reload()
  await ordered.getByText('Business mail: Mail Company').waitFor()
  assert.deepEqual(
    (await chosen('Plans one can switch to')).map((text) => text.split(/\s*(?:Move up|Take out)/)[0]),
    ['Business mail: Mail Company', 'Business mail: Mail Archive'],
  )
  assert.deepEqual(
    (await chosen('An add-on to')).map((text) => text.split(/\s*Take out/)[0]),
    ['Business mail: Mail Archive'],
  )
  assert.equal(await mailboxes.getByLabel('Shown, and can be ordered').isChecked(), false)
  assert.equal(await staff.getByLabel('Shown in the store, and can be ordered').isChecked(), false)
  const services = staff.getByLabel('Set up by the service').locator('option')
  assert.deepEqual(await services.allInnerTexts(), ['This installation'])
  await check(staff, 'plan with others')
}

/** Two pictures, each with what it shows, in the order that is chosen: on the product's page in the store. */
async function showPictures({ staff, visitor, store, check }: Stage): Promise<void> {
  const picture = (n: number) => staff.getByLabel(`What picture ${n} shows`)
  for (const [index, colour] of (
    [
      [200, 0, 0],
      [0, 0, 200],
    ] as const
  ).entries()) {
    const buffer = png(320, 200, colour)
    await staff.getByLabel('Add a picture').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer })
    await picture(index + 1).fill(index === 0 ? 'The inbox' : 'The calendar')
  }
  await staff.getByRole('button', { name: 'Move up picture 2' }).click()
  await until(
    () => picture(1).inputValue(),
    (text) => text === 'The calendar',
    { what: 'the other order' },
  )
  await check(staff, 'product with pictures')
  await staff
    .getByLabel('Add a picture')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no') })
  await staff.getByText('The file is no PNG picture').first().waitFor()
  await staff.reload()
  assert.deepEqual([await picture(1).inputValue(), await picture(2).inputValue()], ['The calendar', 'The inbox'])
  // What was typed meanwhile is there, and saved after the pictures were.
  await staff.getByLabel('Description').fill('Mail, and a calendar.')
  await staff.getByLabel('Add a picture').setInputFiles({ name: 'c.png', mimeType: 'image/png', buffer: png(9, 9) })
  await staff.getByRole('button', { name: 'Take out picture 3' }).click()
  await picture(3).waitFor({ state: 'detached' })
  await staff.getByRole('button', { name: 'Save', exact: true }).click()
  await staff.getByText('Saved.').waitFor()
  // The store hears of a change a moment later.
  await until(
    async () => {
      await visitor.goto(`${store}/product/business-mail`)
      return visitor.getByText('Mail, and a calendar.').count()
    },
    (count) => count > 0,
    { what: 'new description in the store' },
  )
  const shots = visitor.locator('.shots img')
  assert.deepEqual(await shots.evaluateAll((all) => all.map((each) => each.getAttribute('alt'))), [
    'The calendar',
    'The inbox',
  ])
  await shots.first().scrollIntoViewIfNeeded()
  await until(
    () => shots.first().evaluate((each) => (each as HTMLImageElement).naturalWidth),
    (width) => width === 320,
    {
      what: 'picture in the store',
    },
  )
  await check(visitor, 'product page with pictures')
  await visitor.close()
}
