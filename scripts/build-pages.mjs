/**
 * Builds the pages with Vite, once for browsers and once for the server's renderer (`vite.config.ts` tells the two
 * apart by `isSsrBuild`), and notes what they were made of, so that `setup.mjs` knows when to build again.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'vite'
import { hashOfPages, PAGES_STAMP, root } from './setup-state.mjs'

const inputs = new Set()

/** Notes every file of ours that went in: a build may reach beyond the folders that are watched anyway. */
const noteInputs = {
  name: 'note-inputs',
  buildEnd() {
    for (const id of this.getModuleIds()) {
      const path = relative(root, id.split('?')[0])
      if (!path.startsWith('..') && !path.startsWith('node_modules') && existsSync(join(root, path))) inputs.add(path)
    }
  },
}

const common = {
  configFile: join(root, 'vite.config.ts'),
  configLoader: 'native',
  logLevel: 'warn',
  plugins: [noteInputs],
}

rmSync(PAGES_STAMP, { force: true })
await build(common)
await build({ ...common, build: { ssr: true } })
mkdirSync(dirname(PAGES_STAMP), { recursive: true })
writeFileSync(PAGES_STAMP, JSON.stringify({ hash: hashOfPages([...inputs]), inputs: [...inputs].sort() }))
