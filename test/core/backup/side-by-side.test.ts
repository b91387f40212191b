import { SideBySide } from '../../../core/backup/side-by-side'

async function* chunks(count: number): AsyncIterable<Uint8Array> {
  for (let n = 0; n < count; n++) {
    // As what comes from a program or a disk does: others have their turn in between.
    await new Promise((resolve) => setImmediate(resolve))
    yield Buffer.of(n)
  }
}

/** Takes a stream like a store that keeps nothing of what did not end. */
async function kept(stream: AsyncIterable<Uint8Array>, whole: string[], name: string): Promise<void> {
  for await (const chunk of stream) void chunk
  whole.push(name)
}

it('ends every stream once all have come to their ends', async () => {
  const [work, whole] = [new SideBySide(), [] as string[]]
  let come!: () => void
  const other = work.beside(new Promise<void>((resolve) => (come = resolve)))
  const works = ['short', 'long'].map((name) =>
    work.start((ending) => kept(ending(chunks(name === 'long' ? 1000 : 1)), whole, name)),
  )
  const all = work.done(Promise.all([...works, other]))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(whole).toEqual([])
  come()
  await all
  expect(whole.toSorted()).toEqual(['long', 'short'])
})

it.each([
  ['another stream', (work: SideBySide) => work.start(() => Promise.reject(new Error('disk full')))],
  ['what comes beside them', (work: SideBySide) => work.beside(Promise.reject(new Error('disk full')))],
])('ends none well where %s fails, and gives its error once nothing runs', async (_, failing) => {
  const [work, whole] = [new SideBySide(), [] as string[]]
  let ended = false
  const one = work.start(async (ending) => {
    try {
      await kept(ending(chunks(1)), whole, 'one')
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 10))
      ended = true
    }
  })
  const other = failing(work)
  await expect(work.done(Promise.all([one, other]))).rejects.toThrow('disk full')
  expect({ whole, ended }).toEqual({ whole: [], ended: true })
})

it('ends where another one failed while the last chunk was being taken', async () => {
  const work = new SideBySide()
  const slow = work.start(async (ending) => {
    for await (const chunk of ending(chunks(1))) {
      void chunk
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
  const failing = work.start(async () => {
    await new Promise((resolve) => setTimeout(resolve, 10))
    throw new Error('gone')
  })
  await expect(work.done(Promise.all([slow, failing]))).rejects.toThrow('gone')
})

it('ends a stream that would go on for ever', async () => {
  const work = new SideBySide()
  const endless = work.start((ending) => kept(ending(chunks(Infinity)), [], 'endless'))
  const failing = work.start(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    throw new Error('gone')
  })
  await expect(work.done(Promise.all([endless, failing]))).rejects.toThrow('gone')
})
