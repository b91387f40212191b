import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { listenOnLoopback } from './loopback'

/**
 * A conditional store of one place: values in a folder, served over HTTP on loopback so that a network path to it can be
 * cut. PUT with `if-none-match: *` creates, with `if-match: <version>` replaces; both answer 412 when too late.
 */
export async function startStoreServer(folder: string): Promise<{ port: number; close(): Promise<void> }> {
  await mkdir(folder, { recursive: true })
  // One write at a time: this process is the only writer of the folder, so check and write cannot be torn apart.
  let last: Promise<unknown> = Promise.resolve()
  const serialized = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  const server = createServer((request, response) => {
    const send = (status: number, body = '', version?: string) =>
      // One request per connection: a connection kept alive would outlive a cut of its path and fail the next request.
      response.writeHead(status, { connection: 'close', ...(version && { etag: version }) }).end(body)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const key = decodeURIComponent(pathname.slice(1))
    const handle = async () => {
      if (request.method === 'GET' && key === '')
        return send(
          200,
          JSON.stringify(await list(folder, searchParams.get('prefix') ?? '', searchParams.get('after') ?? '')),
        )
      const held = await read(folder, key)
      if (request.method === 'GET') return held === undefined ? send(404) : send(200, held.text, held.version)
      const text = await bodyOf(request)
      return serialized(async () => {
        const now = await read(folder, key)
        const expected = request.headers['if-match']
        if (expected === undefined ? now !== undefined : now?.version !== expected) return send(412)
        await write(folder, key, { version: String(Number(now?.version ?? 0) + 1), text })
        return send(204)
      })
    }
    handle().catch((error: Error) => send(500, error.message))
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const PAGE = 100

const fileOf = (folder: string, key: string): string => join(folder, encodeURIComponent(key))

interface Held {
  /** Counts the writes of the key, so that a value that returns is still a new version. */
  readonly version: string
  readonly text: string
}

/** Undefined only where nothing was ever written; any other trouble must not look like it. */
async function read(folder: string, key: string): Promise<Held | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(folder, key), 'utf8')) as Held
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(folder: string, key: string, held: Held): Promise<void> {
  const path = fileOf(folder, key)
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(JSON.stringify(held))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  // The new name itself has to reach the disk too, or a crash could bring the old value back.
  const entry = await open(folder)
  await entry.sync().finally(() => entry.close())
}

async function list(
  folder: string,
  prefix: string,
  after: string,
): Promise<{ key: string; text: string; version: string }[]> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.new')).map(decodeURIComponent)
  const wanted = names
    .filter((key) => key.startsWith(prefix) && key > after)
    .toSorted()
    .slice(0, PAGE)
  return Promise.all(
    // Nothing is ever removed, so what was listed is there.
    wanted.map(async (key) => ({ key, ...(await read(folder, key))! })),
  )
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
