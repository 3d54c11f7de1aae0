import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMONSTRATION_VARIABLE, startServer } from './server.ts'

/**
 * Makes the data directory that `demonstrationDataDir` copies, and names it in the environment.
 *
 * @throws {Error} A first start failed, and with it most journeys would.
 */
export async function prepareDemonstration(): Promise<{ remove(): void }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buylink-demonstration-'))
  await chmod(dataDir, 0o711)
  const server = await startServer({ dataDir })
  await server.stop()
  process.env[DEMONSTRATION_VARIABLE] = dataDir
  return { remove: () => rmSync(dataDir, { recursive: true, force: true }) }
}
