/** Vite's `manifest.json`, as far as we read it. */
export type Manifest = Readonly<Record<string, { readonly file: string; readonly css?: readonly string[] }>>

/** Stylesheets of the store pages as URLs, from the build's manifest. @throws {Error} The build is incomplete. */
export function storeAssets(manifest: Manifest): { css: string[] } {
  const entry = manifest['store/store.css']
  if (!entry) throw new Error('The page build has no store stylesheet: run `npm run build`.')
  return { css: [`/assets/${entry.file}`] }
}
