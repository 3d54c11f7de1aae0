import type { FastifyPluginAsync } from 'fastify'

/** Makes a token for the demonstration's customer. */
export type MintDemoToken = () => Promise<string | undefined>

/**
 * `/console-demo`, only with the demonstration: what a vendor's own backup console may look like with the component in it.
 * A real console mints the token on its own server (`POST /api/v1/user-tokens`).
 */
export const createConsoleDemo =
  (mint: MintDemoToken): FastifyPluginAsync =>
  async (app) => {
    app.get('/console-demo', async (_request, reply) => {
      const token = (await mint()) ?? ''
      return reply
        .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
        .send(page(token))
    })
    app.get('/console-demo.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(CSS))
  }

const page = (token: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Backup console of Contoso Dental</title><link rel="stylesheet" href="/console-demo.css">
<script type="module" src="/console/buylink-alerts.js"></script></head>
<body><header><p class="product">Backup console</p><p>Contoso Dental · Dana Reyes</p></header>
<main><h1>Machines</h1>
<buylink-alerts token="${token}" editions></buylink-alerts>
<table><caption>Protected machines</caption><thead><tr><th scope="col">Machine</th><th scope="col">Kind</th><th scope="col">Last backup</th></tr></thead>
<tbody><tr><td>reception-1</td><td>Workstation</td><td>Tonight, 02:10</td></tr><tr><td>x-ray-server</td><td>Server</td><td>Tonight, 02:40</td></tr></tbody></table>
<p class="note">This page stands for a console of another vendor. The alerts come from Buylink, through one script tag.</p></main></body></html>`

const CSS = `body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#eef1f4}
header{display:flex;flex-wrap:wrap;gap:4px 24px;justify-content:space-between;background:#12324a;color:#fff;padding:14px 20px}header p{margin:0}.product{font-weight:700}
main{max-width:880px;margin:0 auto;padding:20px;display:grid;gap:20px}h1{margin:0;font-size:24px}
table{width:100%;border-collapse:collapse;background:#fff;border:1px solid #ccd3da}caption{text-align:start;font-weight:600;padding-bottom:8px}
th,td{text-align:start;padding:10px 14px;border-top:1px solid #e2e7ec}.note{color:#4a5763;margin:0}
buylink-alerts{--buylink-accent:#12324a;--buylink-radius:3px}`
