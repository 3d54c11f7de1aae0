import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'

export interface Chromium {
  readonly executablePath: string
  /** On top of the process's own. */
  readonly env: Readonly<Record<string, string>>
}

const cache = join(import.meta.dirname, '../../.cache')
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A Chromium that starts here: `CHROMIUM_PATH`, else the system's, else the one of an npm package, else, for root on
 * Debian, the system's after installing it.
 *
 * @throws {Error} There is none, with one line that says what to do.
 */
export async function findChromium(): Promise<Chromium> {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) {
    if (starts({ executablePath: chosen, env: {} })) return { executablePath: chosen, env: {} }
    throw new Error(`CHROMIUM_PATH: ${chosen} does not start`)
  }
  const found = onSystem() ?? (await fromPackage()) ?? fromDebian()
  if (found) return found
  throw new Error('No Chromium starts here: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH')
}

function starts({ executablePath, env }: Chromium): boolean {
  const { status } = spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env }, timeout: 30_000 })
  return status === 0
}

function onSystem(): Chromium | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
    .filter((path) => existsSync(path))
    .map((executablePath) => ({ executablePath, env: {} }))
    .find(starts)
}

/**
 * The package holds compressed archives; its own code unpacks them to a well-known name below /tmp, where anyone may
 * have put something else. They go to the project's cache instead, once.
 */
async function fromPackage(): Promise<Chromium | undefined> {
  let archives: string
  try {
    archives = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin')
  } catch {
    return undefined
  }
  const manifest = JSON.parse(readFileSync(join(archives, '../package.json'), 'utf8')) as { version: string }
  const folder = join(cache, `chromium-${manifest.version}`)
  if (!existsSync(folder)) await unpack(archives, folder)
  const executablePath = join(folder, 'chromium')
  const fonts = { FONTCONFIG_PATH: join(folder, 'fonts') }
  // It brings libraries for machines without; where the system has its own, those are taken.
  const libraries = { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }
  return [fonts, { ...fonts, ...libraries }].map((env) => ({ executablePath, env })).find(starts)
}

async function unpack(archives: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'chromium-draft-'))
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.br'))) {
    const contents = await promisify(brotliDecompress)(readFileSync(join(archives, file)))
    const name = file.replace(/(\.tar)?\.br$/, '')
    if (name === 'chromium') writeFileSync(join(draft, name), contents, { mode: 0o755 })
    else {
      // SwiftShader's libraries are looked for beside the program.
      const target = name === 'swiftshader' ? draft : join(draft, name)
      mkdirSync(target, { recursive: true })
      const { status } = spawnSync('tar', ['-x', '--no-same-owner', '-C', target], { input: contents })
      if (status !== 0) throw new Error(`Cannot unpack ${file}: is tar installed?`)
    }
  }
  // The archive's own looks for the fonts in places that are not ours.
  writeFileSync(
    join(draft, 'fonts/fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'fonts')}</dir><dir>/usr/share/fonts</dir>` +
      `<cachedir>${join(folder, 'fonts/cache')}</cachedir></fontconfig>`,
  )
  try {
    renameSync(draft, folder)
  } catch {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true })
  }
}

function fromDebian(): Chromium | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return undefined
  console.error("Installing Debian's chromium, once …")
  const apt = (args: string[]) =>
    spawnSync('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', 'chromium'])
  return onSystem()
}
