/**
 * Makes a fresh clone ready: installs the packages of the lockfile, builds the pages. Runs before `npm start` and
 * `npm test`; says nothing and takes some milliseconds when all is up to date. Plain JavaScript without a
 * dependency, because it runs before there are any, and on whatever Node the machine has.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { arePackagesCurrent, arePagesCurrent, markPackages, root } from './setup-state.mjs'
import { withLock } from './setup-lock.mjs'

/** Packages that only tests need may be left out by an operator (`npm ci --omit=dev`) who only starts the server. */
const needsDev = process.env.npm_lifecycle_event !== 'prestart'

if (!arePackagesCurrent(needsDev) || !arePagesCurrent())
  await withLock(join(root, '.cache/setup.lock'), () => {
    if (!arePackagesCurrent(needsDev)) step('Installing packages (a minute or less)', installPackages)
    if (!arePagesCurrent()) step('Building the pages', buildPages)
  })

function step(what, run) {
  const started = Date.now()
  process.stderr.write(`${what} …\n`)
  run()
  process.stderr.write(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

function installPackages() {
  const npm = process.env.npm_execpath
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--no-progress',
  ]
  // npm's own path is that of a script; `npm` in PATH may be another one, or a wrapper that needs a shell.
  const [command, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  run(command, [...prefix, ...args], isWritable(homedir()) ? {} : { npm_config_cache: join(root, '.cache/npm') })
  markPackages()
}

function buildPages() {
  const own = join(root, 'node_modules/.bin/node')
  run(existsSync(own) ? own : process.execPath, [join(root, 'scripts/build-pages.mjs')], {})
}

/** Ends this process with the command's status when it fails: it has said why itself. */
function run(command, args, env) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status === 0) return
  process.stderr.write(`Failed: ${command} ${args.join(' ')} (${error?.message ?? signal ?? `status ${status}`})\n`)
  process.exit(status || 1)
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
