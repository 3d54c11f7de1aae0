import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defer } from './cleanup.ts'
import { ask } from './loader.ts'

const root = join(import.meta.dirname, '..')
/** What `npm start` gives to Node: flags and script. */
const START = startArguments(readFileSync(join(root, 'package.json'), 'utf8'))
const START_TIMEOUT_MS = 60_000

/** The operator's API client of every server measured. */
export const CLIENT = { id: 'bench', secret: 'bench-secret-of-this-run-alone' }

export interface RunningServer {
  readonly port: number
  /** Of the Node process. */
  readonly pid: number
  /** From the start of the process to its first answer. */
  readonly startSeconds: number
  /** Ends it cleanly; its data stays. */
  stop(): Promise<void>
}

/** A folder for a server's data, removed in the end. */
export async function makeDataDir(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'buylink-bench-')))
  // Started by root, PostgreSQL runs as `nobody`, who must be able to pass.
  await chmod(folder, 0o711)
  defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Starts Buylink as `npm start` does, in a process of its own, and waits for its first answer.
 *
 * @param settings Environment on top of port, data directory and the bench's API client.
 * @throws {Error} It does not start, with what it said.
 */
export async function startServer(dataDir: string, settings: Record<string, string> = {}): Promise<RunningServer> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(process.execPath, START, {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      HOST: '127.0.0.1',
      BUYLINK_DATA: dataDir,
      BUYLINK_CLIENT_ID: CLIENT.id,
      BUYLINK_CLIENT_SECRET: CLIENT.secret,
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4000)))
  const stop = () => end(child)
  defer(stop)
  await firstAnswer(port, child, () => said)
  return { port, pid: child.pid ?? 0, startSeconds: (performance.now() - started) / 1000, stop }
}

function startArguments(packageJson: string): string[] {
  const { scripts } = JSON.parse(packageJson) as { scripts: { start: string } } // our own
  const [, args] = /^exec node (.*)$/.exec(scripts.start) ?? []
  if (args === undefined) throw new Error(`\`npm start\` is not \`exec node …\` any more: ${scripts.start}`)
  return args.split(' ')
}

async function firstAnswer(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const request = Buffer.from(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
  for (const deadline = performance.now() + START_TIMEOUT_MS; ; await sleep(4)) {
    if (child.exitCode !== null) throw new Error(`The server ended with status ${child.exitCode}: ${said()}`)
    if (performance.now() > deadline) throw new Error(`The server does not answer: ${said()}`)
    try {
      await ask(port, request)
      return
    } catch {
      // Nobody listens yet.
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(timer)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('No free port')
  return address.port
}

/** The PostgreSQL that a server supervises in its data directory. */
export async function postgresOf(
  dataDir: string,
): Promise<{ readonly connectionString: string; readonly pid: number }> {
  const lines = (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')
  // Fifth line: the folder of its socket.
  return {
    connectionString: `postgresql://buylink@/buylink?host=${encodeURIComponent(lines[4] ?? '')}`,
    pid: Number(lines[0]),
  }
}

/**
 * An access token of an API client, by the token endpoint.
 *
 * @param from See `ask`: one address gets 120 tokens a minute.
 */
export async function tokenFor(port: number, client: { id: string; secret: string }, from?: string): Promise<string> {
  const form = `grant_type=client_credentials&client_id=${client.id}&client_secret=${client.secret}`
  const { body } = await ask(port, post(port, '/api/2/idp/token', 'application/x-www-form-urlencoded', form), from)
  const answer = JSON.parse(body.toString()) as { access_token?: string }
  if (!answer.access_token) throw new Error(`No token for ${client.id}: ${body.toString()}`)
  return answer.access_token
}

/** The bytes of a POST request. @param headers More of them, each ended by CR LF. */
export const post = (port: number, path: string, type: string, body: string, headers = ''): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
  )
