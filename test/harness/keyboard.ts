import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { until } from './visitor.ts'

/** More stops than any page has. */
const MOST = 150

const hasFocus = (target: Locator): Promise<boolean> => target.evaluate((element) => element === document.activeElement)

/** On by Tab, as somebody without a mouse does, until it has the focus. @throws {AssertionError} Nobody gets there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < MOST; step++) {
    if (await hasFocus(target)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Nobody gets to ${target} by Tab`)
}

/** By Tab to it, and Enter. */
export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** By Tab to a field, and typed over what is there. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(text)
}

/** Opens a dialog by keyboard, falls out of it by no Tab, leaves it by Escape, and has the focus where it was. */
export async function leaveAndReturn(page: Page, opener: Locator): Promise<void> {
  await press(page, opener)
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  for (let step = 0; step < 8; step++) await page.keyboard.press('Tab')
  assert.equal(await dialog.evaluate((element) => element.contains(document.activeElement)), true, 'stays inside')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await untilFocused(opener)
}

/** A frame or two after a dialog is gone. */
export const untilFocused = (target: Locator): Promise<boolean> =>
  until(() => hasFocus(target), Boolean, { what: 'focus where it was' })
