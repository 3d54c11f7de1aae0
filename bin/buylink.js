#!/usr/bin/env node
// Finds a Node that can run Buylink, and runs its command line. Plain old JavaScript, because the Node that reads this
// file may be any: npm starts it with the machine's. Nothing has to be built: in a clone the TypeScript runs as it is.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST = [24, 7]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
  runHere()
} else {
  const node = nodeOfPackage() || (makeReady() && nodeOfPackage())
  if (node) runWith(node)
  else {
    console.error(
      `buylink needs Node ${OLDEST.join('.')} or newer; this is ${process.version}, and npm has installed no other.`,
    )
    process.exitCode = 1
  }
}

function runHere() {
  const file = mainFile()
  // Node runs no TypeScript below node_modules: a published package brings what was built.
  import(pathToFileURL(file).href).then(
    (main) => main.run(),
    (error) => {
      console.error(error)
      process.exitCode = 1
    },
  )
}

function mainFile() {
  const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
  const built = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
  const isInstalled = source.split(sep).includes('node_modules')
  return isInstalled && existsSync(built) ? built : source
}

/** The Node that comes as an optional dependency, or undefined. */
function nodeOfPackage() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`)
    const node = manifest.replace(/package\.json$/, `bin${sep}node`)
    return existsSync(node) ? node : undefined
  } catch (_) {
    return undefined
  }
}

/** In a fresh clone what `npm start` does first; it tells of it on standard error. False: this is no clone, or it failed. */
function makeReady() {
  const setup = fileURLToPath(new URL('../scripts/setup.mjs', import.meta.url))
  return existsSync(setup) && spawnSync(process.execPath, [setup], { stdio: ['ignore', 2, 2] }).status === 0
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), { stdio: 'inherit' })
  // A terminal sends its signals to both; what is sent to us alone must reach the child too.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.on('SIGINT', () => {})
  child.on('error', (error) => {
    console.error(`buylink: ${node} does not run: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exitCode = code
  })
}
