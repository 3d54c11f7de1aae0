/** What `dist/web/store/entry.js` offers: pages as pure functions of their props, and the brand's stylesheet. */
export { storeAssets } from './assets.ts'
export { brandCss } from './brand-css.ts'
export { renderCategory } from './category.tsx'
export { renderHome } from './home.tsx'
export { renderInfo } from './info.tsx'
export { renderError, renderMaintenance, renderNotFound } from './messages.tsx'
export { renderLinkProblem } from './problem.tsx'
export { renderProduct } from './product.tsx'
