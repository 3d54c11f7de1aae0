import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/**
 * Two builds of `src/web`, both made by `scripts/build-pages.mjs`:
 * - `vite build`: control panel and portal (one page, `index.html`) and the store's stylesheet → `dist/web/client`,
 *   served below `/assets/`, with `manifest.json` beside the files and each file's `.gz` and `.br`;
 * - `vite build --ssr`: the store pages as functions from values to HTML → `dist/web/store/entry.js`.
 * React goes into the second one in its production form, so that a page costs the same whatever NODE_ENV says.
 */
const root = resolve(import.meta.dirname, 'src/web')

/**
 * react-router marks its components in a way that keeps them in a bundle that uses none of them (`Link.displayName = …`,
 * an unmarked `forwardRef`). Without the marks they go, and 5 KiB of every first load with them (design/link.tsx).
 */
const leaveOutUnusedComponents: Plugin = {
  name: 'leave-out-unused-components',
  transform(code, id) {
    if (!/[\\/]react-router[\\/]dist[\\/].*\.js$/.test(id)) return null
    return {
      code: code
        .replace(/^\w+\.displayName = .*$/gm, '')
        .replace(/\bReact(\$\d+)?\.(forwardRef|createContext|memo)\(/g, '/* @__PURE__ */ $&'),
      map: null,
    }
  },
}

const gzipped = promisify(gzip)
const brotlied = promisify(brotliCompress)

/** Writes every text file of the build a second and third time, compressed, for the server to send as they are. */
const compressed: Plugin = {
  name: 'compressed',
  apply: ({ build }) => !build?.ssr,
  async writeBundle({ dir = '.' }, bundle) {
    const compress = async (file: string): Promise<void> => {
      const content = await readFile(join(dir, file))
      await writeFile(join(dir, `${file}.gz`), await gzipped(content, { level: 9 }))
      await writeFile(
        join(dir, `${file}.br`),
        await brotlied(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      )
    }
    await Promise.all(
      Object.keys(bundle)
        .filter((name) => /\.(js|css|svg)$/.test(name))
        .map(compress),
    )
  },
}

/**
 * Few files, so that a first load stays below 12 requests: React, the panel itself with what most pages use, what lists
 * and records are drawn with, and one file an area (panel/routes.tsx), with its own texts: none of these may be in what
 * comes before it. Dialogs come when the first one opens.
 */
const REACT = /[\\/]node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]|rolldown[\\/]runtime|preload-helper/
const RECORDS =
  /panel[\\/](lists|order-details|payment-details|cancel-order|status|back-link|quotas|quota)\.|design[\\/](table|pager|empty|badge|dialog)\./
const APP =
  /[\\/]src[\\/](kernel|web[\\/](design(?![\\/](dialog-frame|quantity|steps|figures|bars)\.)|panel(?![\\/](subscription(-area|-actions)?|change-resources)\.)|messages))[\\/][^\\/]+$|messages[\\/]en[\\/](common|client)\./
const GROUPS = [
  { name: 'react', test: REACT, priority: 4 },
  { name: 'records', test: RECORDS, priority: 3 },
  { name: 'app', test: APP, priority: 2 },
  { name: 'shared', test: /[\\/]src[\\/]web[\\/]/, minShareCount: 2, priority: 1 },
]

export default defineConfig(({ isSsrBuild }) => ({
  root,
  base: '/assets/',
  publicDir: false,
  appType: 'spa',
  plugins: [react(), leaveOutUnusedComponents, compressed],
  ...(isSsrBuild
    ? {
        define: { 'process.env.NODE_ENV': '"production"' },
        ssr: { noExternal: true as const, target: 'node' as const },
      }
    : {}),
  build: isSsrBuild
    ? {
        outDir: resolve(import.meta.dirname, 'dist/web/store'),
        emptyOutDir: true,
        ssr: true,
        minify: false,
        target: 'node24',
        rolldownOptions: { input: { entry: resolve(root, 'store/entry.tsx') } },
      }
    : {
        outDir: resolve(import.meta.dirname, 'dist/web/client'),
        emptyOutDir: true,
        assetsDir: '',
        manifest: 'manifest.json',
        assetsInlineLimit: 0,
        // The browsers we build for preload modules themselves.
        modulePreload: { polyfill: false },
        target: ['chrome120', 'firefox121', 'safari17'],
        rolldownOptions: {
          input: {
            panel: resolve(root, 'index.html'),
            store: resolve(root, 'store/store.css'),
            console: resolve(root, 'console/buylink-alerts.ts'),
          },
          output: {
            codeSplitting: { includeDependenciesRecursively: false, groups: GROUPS },
          },
        },
      },
}))
