import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { IN_ORDER, importRules } from './import-rules.ts'

/** Folders of `src` that are no capability. */
const OTHERS = ['kernel', 'link', 'platform', 'sdk', 'cli', 'web']

/**
 * Checks who imports whom below `baseDir`/src.
 *
 * @returns One line a violation. Finding no module, or no import between modules, is one: a checker that cannot read
 *   TypeScript would otherwise find everything in order.
 */
export async function checkImports(baseDir: string): Promise<string[]> {
  const { output } = await cruise(['src'], {
    baseDir,
    validate: true,
    ruleSet: { forbidden: importRules },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|^dist/' },
  })
  // Text only for reporters, and none was asked for.
  const { modules, summary } = output as ICruiseResult
  const edges = modules.flatMap(({ dependencies }) => dependencies).filter(({ resolved }) => /\.tsx?$/.test(resolved))
  if (modules.length === 0 || edges.length === 0)
    return [`no imports found (${modules.length} modules): the checker cannot read them`]
  const unknown = readdirSync(join(baseDir, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && ![...IN_ORDER, ...OTHERS].includes(entry.name))
    .map(({ name }) => `src/${name}: has no place in the order (tools/import-rules.ts)`)
  return [...unknown, ...summary.violations.map(({ rule, from, to }) => `${from} → ${to}: ${rule.name}`)]
}
