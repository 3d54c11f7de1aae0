import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** One rule of WCAG or good practice that a page breaks, with the elements that break it. */
export interface AxeViolation {
  readonly id: string
  readonly impact: string
  readonly help: string
  readonly elements: readonly string[]
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * What axe finds wrong with the page as it stands: WCAG 2.2 A and AA and axe's best practices. An empty list is the
 * goal on every page. It is evaluated from outside the page, so `script-src 'self'` does not stand in its way.
 */
export async function axeViolations(page: Page): Promise<AxeViolation[]> {
  await page.evaluate(source)
  return page.evaluate(async (runOnly) => {
    interface Found {
      readonly violations: readonly {
        readonly id: string
        readonly impact: string | null
        readonly help: string
        readonly nodes: readonly { readonly html: string }[]
      }[]
    }
    // axe puts itself on the window; its types are not part of the page's.
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<Found> } }
    const { violations } = await axe.run(document, { runOnly })
    return violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact: impact ?? 'minor',
      help,
      elements: nodes.map((node) => node.html.slice(0, 200)),
    }))
  }, RULES)
}
