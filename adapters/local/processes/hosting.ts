import type { ChildProcess } from 'node:child_process'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MODULE } from '../deployments/platform-folder'
import { Pointer } from '../deployments/pointer'
import { freePort } from '../loopback'
import { kill, processesIn } from '../scratch'
import { readSettings, type HostingSettings, type ReleaseSettings } from './settings'
import { startProcess } from './start'

const LOOK_EVERY_MS = 25
/** Longest that a version may take until it answers at all, well or not. */
const START_MS = 30_000
interface Running {
  readonly version: string
  readonly port: number
  readonly process: ChildProcess
}

/** Answers of the version that is live, since it is. */
interface Served {
  version: string
  answered: number
  failed: number
}

/**
 * Serves a program on one port, whichever of its versions is in force: starts the one that is wanted, and hands the traffic over
 * as soon as it answers. The one before goes on beside it, so that the way back waits for nothing; only the one before that is
 * ended. What ends by itself is started again. GET /-/served counts.
 */
async function main(): Promise<void> {
  const settings = readSettings() as HostingSettings
  const { port, program } = settings
  const wanted = new Pointer(program.wanted)
  const live = new Pointer(program.live)
  let running: Running | undefined
  let before: Running | undefined
  let served: Served | undefined
  await endWhatIsLeft(program.versions)

  createServer((request, response) => {
    if (request.url === '/-/served')
      return void response.writeHead(200, { connection: 'close' }).end(JSON.stringify(served ?? null))
    const counts = served
    response.once('close', () => {
      if (!counts) return
      counts.answered += 1
      if (response.statusCode >= 500) counts.failed += 1
    })
    forward(running?.port, request, response)
  }).listen(port, '127.0.0.1')

  for (;;) {
    const version = await wanted.version()
    if (version !== undefined && (version !== running?.version || hasEnded(running.process))) {
      const isWarm = before?.version === version && !hasEnded(before.process)
      const next = isWarm ? before : await start(settings, version)
      if (next) {
        if (!isWarm) before?.process.kill('SIGKILL')
        before = running
        running = next
        served = { version, answered: 0, failed: 0 }
        await live.move(version, `live/${Date.now()}`)
      }
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** Undefined where the version does not answer in time; what was live before goes on. */
async function start({ program, release }: HostingSettings, version: string): Promise<Running | undefined> {
  const folder = join(program.versions, version)
  const port = await freePort()
  const process = await startProcess('release', folder, {
    ...release,
    port,
    version,
    module: join(folder, MODULE),
  } satisfies ReleaseSettings)
  for (const giveUpMs = performance.now() + START_MS; performance.now() < giveUpMs && !hasEnded(process);) {
    if (await answers(port)) return { version, port, process }
    await sleep(LOOK_EVERY_MS)
  }
  process.kill('SIGKILL')
  return undefined
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/version`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Versions that a host before this one had started; nobody would ever end them. */
async function endWhatIsLeft(versions: string): Promise<void> {
  for (const pid of await processesIn(versions)) kill(pid, 'SIGKILL')
}

function forward(port: number | undefined, request: IncomingMessage, response: ServerResponse): void {
  const unavailable = () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(503, { connection: 'close' }).end()
  }
  if (port === undefined) return unavailable()
  const { method, url, headers } = request
  const passed = ask(
    { host: '127.0.0.1', port, method, path: url, headers: { ...headers, connection: 'close' } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' })
      answer.once('error', unavailable)
      answer.pipe(response)
    },
  )
  passed.once('error', unavailable)
  request.pipe(passed)
}

void main()
