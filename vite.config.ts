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

/**
 * The bundler keeps its few helpers in a file of their own, 400 bytes that every page would ask for by a request of their
 * own. They go into React's file, which every page has as well.
 */
const runtimeWithReact: Plugin = {
  name: 'runtime-with-react',
  enforce: 'pre',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
    const runtime = chunks.find(({ name }) => name === 'rolldown-runtime')
    const react = chunks.find(({ name }) => name === 'react')
    const [whole, list = ''] = /export\{([^}]*)\};?\s*$/.exec(runtime?.code ?? '') ?? []
    if (!runtime || !react || whole === undefined) return
    const helpers = list.split(',').map((each) => each.split(' as ') as [string, string])
    const made = helpers.map(([inner, outer]) => `${outer}:${inner}`).join(',')
    const names = helpers.map(([, outer]) => `__${outer}`)
    const taken = helpers.map(([, outer]) => `${outer}:__${outer}`).join(',')
    const file = runtime.fileName.replaceAll('.', '\\.')
    const asked = new RegExp(`import\\{([^}]*)\\}from"\\./${file}";`)
    for (const chunk of chunks) {
      chunk.code = chunk.code.replace(asked, (_, wanted: string) => {
        const pairs = wanted.split(',').map((each) => each.split(' as '))
        const local = pairs.map(([outer, inner = outer]) => `${inner}=__${outer}`).join(',')
        if (chunk === react)
          return `var{${taken}}=(()=>{${runtime.code.replace(whole, '')}return{${made}}})();var ${local};`
        return `import{${pairs.map(([outer, inner = outer]) => `__${outer} as ${inner}`).join(',')}}from"./${react.fileName}";`
      })
      chunk.imports = [...new Set(chunk.imports.map((each) => (each === runtime.fileName ? react.fileName : each)))]
    }
    react.imports = react.imports.filter((each) => each !== react.fileName)
    react.code += `export{${names.join(',')}};`
    delete bundle[runtime.fileName]
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
 * Few files, so that a first load stays below 12 requests and 120 KiB of script (test/journeys/every-page.test.ts): React,
 * what every page is made of, the frame with what lists and records are drawn with, and one file an area
 * (panel/routes.tsx), with its own texts: none of these may be in what comes before it. What several areas share is in
 * a file by what it is for, so that none loads what only others need. Dialogs come when the first one opens.
 */
const REACT = /[\\/]node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]|rolldown[\\/]runtime|preload-helper/
const FRAME =
  /panel[\\/](frame[\\/](?!client-notices|held-notice|usage-notice)[^\\/]+|lists|status|steps|who|back-link|search-box|quota|usage-name)\.|design[\\/](table|sort|pager|empty|badge|dialog|search-form)\.|messages[\\/]en[\\/](menu|records)\./
const APP =
  /[\\/]src[\\/](kernel(?![\\/]csv)|web[\\/](design[\\/](base|tokens|button|field|notice|link|icons|icon-data|brand-mark|values|lines|copy|use-now)|panel[\\/](main|root|routes|api|session|texts|page|problems|error-page|money|line-note|use-polling|use-operation|country-name|day|use-scroll-memory|waiting|wire|panel))[\\/.])|messages[\\/][^\\/]+$|messages[\\/]en[\\/](common|panel)\./
const FORMS = /panel[\\/](save-form|saved|history|setup[\\/](rows|plan-status))\.|messages[\\/]en[\\/]editing\./
const DETAILS = /panel[\\/]details[\\/]|messages[\\/]en[\\/]details\./
const RECORDS = /panel[\\/](order-details|payment-details|cancel-order|returned)\.|messages[\\/]en[\\/]one-record\./
const COLUMNS = /panel[\\/]record-columns\./
const PORTAL = /panel[\\/]portal[\\/](approve-payment|retry-order)\.|messages[\\/]en[\\/]portal\./
const DUNNING = /panel[\\/]dunning(s|-lines)\.|messages[\\/]en[\\/]dunning\./
const USAGE =
  /panel[\\/](quotas|edition-card|upsell-line|usage[\\/](amounts|usage-card|types|forecast-text|history-chart|read-history))\.|messages[\\/]en[\\/]quotas\./
const LINK = /panel[\\/]checkout[\\/](explain|link-problems)\.|messages[\\/]en[\\/]links\./
const CHOOSING =
  /panel[\\/]checkout[\\/](resources|use-checkout-draft)\.|design[\\/]quantity\.|messages[\\/]en[\\/]choosing\./
const CHECKOUT =
  /panel[\\/](checkout[\\/](frame|summary|existing)|focus-frame)\.|design[\\/]steps\.|messages[\\/]en[\\/]checkout\./
const CODEC = /src[\\/]link[\\/](read-upsell-link|decode|upsell-names|bounds|params|quote|buy-url|upsell-link)\./
const PAYING = /panel[\\/]client[\\/](transfer-instructions|order-progress|pay-)|messages[\\/]en[\\/](balance|paying)\./
const UPSELL = /panel[\\/]upsell[\\/]|messages[\\/]en[\\/]upsell\./
const NOTIFY = /panel[\\/]notify[\\/]|messages[\\/]en[\\/]notify\./
const SALES = /panel[\\/]portal[\\/]sales[\\/](?!csv-button|days)|messages[\\/]en[\\/]sales\./
const FIGURES =
  /panel[\\/]portal[\\/]sales[\\/](csv-button|days)\.|kernel[\\/]csv\.|messages[\\/]en[\\/]figures\.|design[\\/](figures|bars)\./
const SHARED = {
  COLUMNS,
  PORTAL,
  FORMS,
  DETAILS,
  RECORDS,
  DUNNING,
  USAGE,
  LINK,
  CHOOSING,
  CHECKOUT,
  CODEC,
  PAYING,
  NOTIFY,
  SALES,
  FIGURES,
  UPSELL,
}
const GROUPS = [
  { name: 'react', test: REACT, priority: 9 },
  { name: 'frame', test: FRAME, priority: 8 },
  { name: 'app', test: APP, priority: 7 },
  ...Object.entries(SHARED).map(([name, test]) => ({ name: name.toLowerCase(), test, priority: 5, minShareCount: 2 })),
]

export default defineConfig(({ isSsrBuild }) => ({
  root,
  base: '/assets/',
  publicDir: false,
  appType: 'spa',
  plugins: [react(), leaveOutUnusedComponents, runtimeWithReact, compressed],
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
