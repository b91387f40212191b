import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLink, type Link } from '../../../adapters/local/link'
import { listenOnLoopback } from '../../../adapters/local/loopback'

let link: Link
let echoPort: number
const sockets: Socket[] = []
const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
beforeAll(async () => {
  echoPort = await listenOnLoopback(echo)
})
afterAll(() => void echo.close())
beforeEach(async () => {
  link = await openLink(() => echoPort)
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await link.close()
})

function dial(): Socket {
  const socket = connect(link.port, '127.0.0.1').on('error', () => undefined)
  sockets.push(socket)
  return socket
}

test('a link passes what is sent', async () => {
  const socket = dial()
  socket.write('ping')
  expect(String((await once(socket, 'data'))[0])).toBe('ping')
})

test('a cut link is silent: nothing is answered, and nothing is refused', async () => {
  const old = dial()
  old.write('ping')
  await once(old, 'data')
  link.cut()
  const seen: string[] = []
  const fresh = dial()
  for (const socket of [old, fresh]) {
    socket.on('data', () => seen.push('answer')).on('close', () => seen.push('close'))
    socket.write('ping')
  }
  await once(fresh, 'connect')
  await sleep(100)
  expect(seen).toEqual([])
})

test('a healed link takes new connections, and ends those that were caught in the cut', async () => {
  const caught = dial()
  await once(caught, 'connect')
  link.cut()
  link.heal()
  await once(caught, 'close')
  const fresh = dial()
  fresh.write('ping')
  expect(String((await once(fresh, 'data'))[0])).toBe('ping')
})

test('a far link delivers in order what was sent before the end, each way later by its latency', async () => {
  const host = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (asked) => {
      for (const letter of String(asked)) socket.write(letter)
      socket.end()
    })
  })
  const hostPort = await listenOnLoopback(host)
  const far = await openLink(() => hostPort, 100)
  try {
    const startedMs = performance.now()
    const socket = connect(far.port, '127.0.0.1')
    sockets.push(socket)
    let seen = ''
    socket.on('data', (chunk: Buffer) => (seen += String(chunk)))
    socket.write('abcdef')
    await once(socket, 'end')
    expect(seen).toBe('abcdef')
    // Both ways, less the millisecond by which each of the two timers may round: never sooner, whatever the machine does.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(198)
  } finally {
    await far.close()
    host.close()
  }
})

test('a slow link answers later than one that was slow before, and in order', async () => {
  const ask = async () => {
    const socket = dial()
    await once(socket, 'connect')
    const began = performance.now()
    socket.write('ping')
    expect(String((await once(socket, 'data'))[0])).toBe('ping')
    return performance.now() - began
  }
  link.delay(150)
  const slow = await ask()
  link.delay(0)
  expect(slow).toBeGreaterThan(2 * (await ask()))
})
