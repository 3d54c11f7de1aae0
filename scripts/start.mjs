/** Starts the server in this very process, so that signals reach it. */
import './node-version.mjs'

await import('../src/server.ts')
