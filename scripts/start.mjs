/** Starts the server in this very process, so that signals reach it. */
import './node-version.mjs'
import module from 'node:module'
import { join } from 'node:path'

// What is compiled, and stripped of its types, is kept for the next start: it comes sooner, and without the memory of the
// stripper. Where the folder cannot be written, Node goes on without it.
module.enableCompileCache(join(import.meta.dirname, '../.cache/compiled'))

await import('../src/server.ts')
