import { spawn } from 'node:child_process'
import { setImmediate as turn } from 'node:timers/promises'
import { endOf, feed } from '../../../adapters/postgres/client-program'

const CHUNK = Buffer.alloc(64 * 1024)

/** So many chunks, and how many of them were taken; whoever stops early is noticed. */
function stream(most: number) {
  const seen = { taken: 0, closed: false }
  async function* chunks() {
    try {
      for (; seen.taken < most; seen.taken++) {
        await turn()
        yield CHUNK
      }
    } finally {
      seen.closed = true
    }
  }
  return { seen, chunks: chunks() }
}
const run = (command: string) => {
  const program = spawn('sh', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] })
  return { input: program.stdin, ended: endOf(program) }
}

test('a program that ends badly stops the stream, however much of it there is', async () => {
  const { seen, chunks } = stream(Infinity)
  const { input, ended } = run('head -c 100000 > /dev/null; exit 3')
  await feed(chunks, input, ended)
  expect(await ended).toBe(3)
  expect(seen.closed).toBe(true)
})

test('one that cannot be started stops it too', async () => {
  const { seen, chunks } = stream(Infinity)
  const missing = spawn('/no/such/program', { stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = endOf(missing)
  await feed(chunks, missing.stdin, ended)
  expect(await ended).toContain('ENOENT')
  expect(seen.closed).toBe(true)
})

test('one that has seen enough and is content does not: the rest is read, since it may be wrong', async () => {
  const { seen, chunks } = stream(200)
  const { input, ended } = run('head -c 100000 > /dev/null')
  await feed(chunks, input, ended)
  expect(await ended).toBe(0)
  expect(seen.taken).toBe(200)
})

test('what the stream throws is thrown, and the program is told no end', async () => {
  const { input, ended } = run('cat > /dev/null')
  async function* broken() {
    yield await Promise.resolve(CHUNK)
    throw new Error('the seal is broken')
  }
  await expect(feed(broken(), input, ended)).rejects.toThrow('the seal is broken')
  expect(input.writableEnded).toBe(false)
  input.destroy()
  await ended
})
