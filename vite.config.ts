import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * Two builds of `src/web`, both made by `scripts/build-pages.mjs`:
 * - `vite build`: control panel and portal (one page, `index.html`) and the store's stylesheet → `dist/web/client`,
 *   served below `/assets/`, with `manifest.json` beside the files;
 * - `vite build --ssr`: the store pages as functions from values to HTML → `dist/web/store/entry.js`.
 * React goes into the second one in its production form, so that a page costs the same whatever NODE_ENV says.
 */
const root = resolve(import.meta.dirname, 'src/web')

export default defineConfig(({ isSsrBuild }) => ({
  root,
  base: '/assets/',
  publicDir: false,
  appType: 'spa',
  plugins: [react()],
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
        target: ['chrome120', 'firefox121', 'safari17'],
        rolldownOptions: {
          input: { panel: resolve(root, 'index.html'), store: resolve(root, 'store/store.css') },
        },
      },
}))
