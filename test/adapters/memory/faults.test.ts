import { Crashed, Recorder } from '../../../adapters/memory/faults'

const port = () => {
  const done: string[] = []
  return {
    done,
    change: async (what: string) => void done.push(what),
    several: async () => [1, 2, 3],
    async *list() {
      yield* [1, 2, 3]
    },
  }
}

async function pagesOf(list: AsyncIterable<number>): Promise<number[]> {
  const pages: number[] = []
  for await (const page of list) pages.push(page)
  return pages
}

it('breaks a list off: without its end, or in the middle of its pages', async () => {
  const recorder = new Recorder()
  recorder.faultOf = () => 'partial-result'
  const watched = recorder.watch('port', port())
  expect(await watched.several()).toEqual([1, 2])
  await expect(pagesOf(watched.list())).rejects.toMatchObject({ failure: 'unreachable' })
})

it('lets an effect arrive after its sender has given up', async () => {
  const recorder = new Recorder()
  const late: (() => Promise<unknown>)[] = []
  recorder.faultOf = () => 'late-effect'
  recorder.arrivesLater = (effect) => void late.push(effect)
  const real = port()
  await expect(recorder.watch('port', real).change('a')).rejects.toMatchObject({ failure: 'unreachable' })
  expect(real.done).toEqual([])
  await late[0]!()
  expect(real.done).toEqual(['a'])
})

it('refuses what needs room on a full disk, for good', async () => {
  const recorder = new Recorder()
  recorder.faultOf = () => 'disk-full'
  await expect(recorder.watch('port', port()).change('a')).rejects.toMatchObject({
    failure: 'conflict',
    code: 'INJECTED_DISK_FULL',
  })
})

it('is dead for a call that was on its way when another one killed the process', async () => {
  const recorder = new Recorder()
  let letGo = (): void => {}
  const onTheWay = new Promise<void>((resume) => (letGo = resume))
  recorder.faultOf = async (_, index) => {
    if (index === 0) await onTheWay
    return index === 1 ? 'crash-before' : undefined
  }
  const real = port()
  const watched = recorder.watch('port', real)
  const first = watched.change('a')
  await expect(watched.change('b')).rejects.toThrow(Crashed)
  letGo()
  await expect(first).rejects.toThrow(Crashed)
  expect(real.done).toEqual([])
})
