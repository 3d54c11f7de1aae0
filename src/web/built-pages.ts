import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StartError } from '../platform/start-error.ts'
import type { Manifest } from './store/assets.ts'

/** The store pages as the build made them: pure functions from values to HTML. */
export type StoreRenderer = typeof import('./store/entry.tsx')

export interface BuiltPages {
  readonly renderer: StoreRenderer
  readonly assets: { readonly css: readonly string[] }
  /** Folder served below `/assets/`. */
  readonly clientFolder: string
  /** The web component for consoles of other origins, whole. */
  readonly consoleScript: string
  /** The one page of control panel and portal. */
  readonly panelHtml: string
}

const FOLDER = join(import.meta.dirname, '../../dist/web')

/** Reads what `scripts/build-pages.mjs` built. @throws {StartError} There is nothing built. */
export async function loadBuiltPages(folder = FOLDER): Promise<BuiltPages> {
  const clientFolder = join(folder, 'client')
  const entry = join(folder, 'store/entry.js')
  if (!existsSync(entry) || !existsSync(join(clientFolder, 'index.html'))) {
    throw new StartError('The pages are not built: start with `npm start`, or run `node scripts/build-pages.mjs` first')
  }
  // The build's own output: its types are those of its source.
  const renderer = (await import(pathToFileURL(entry).href)) as StoreRenderer
  const manifest = JSON.parse(readFileSync(join(clientFolder, 'manifest.json'), 'utf8')) as Manifest
  return {
    renderer,
    assets: renderer.storeAssets(manifest),
    clientFolder,
    consoleScript: scriptOf(clientFolder, manifest),
    panelHtml: readFileSync(join(clientFolder, 'index.html'), 'utf8'),
  }
}

function scriptOf(folder: string, manifest: Manifest): string {
  const entry = manifest['console/buylink-alerts.ts']
  if (!entry) throw new StartError('The page build has no console component: run `node scripts/build-pages.mjs`.')
  return readFileSync(join(folder, entry.file), 'utf8')
}
