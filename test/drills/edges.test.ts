import { createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { processesIn } from '../../adapters/local/scratch'
import { startRecovery, type Ended } from '../cli/recovery'
import { fewPorts, mountTmpfs } from './machine'
import { explained, watchRoom } from '../../adapters/local/disk-space'

const DRILL = ['drill', 'regional-outage', '--rows', '300', '--clients', '2', '--json']

/** A folder for the drill's temporary files and one for its evidence. */
let scratch: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'edges-'))
})
afterEach(() => rm(scratch, { recursive: true, force: true }))

const errorOf = ({ out }: Ended) => (JSON.parse(out) as { error: Record<string, string> }).error

async function temporaryFolder(mode: number): Promise<string> {
  await chmod(scratch, mode)
  const folder = join(scratch, 'tmp')
  await mkdir(folder)
  return folder
}

/** Nothing but the cache of programs may stay in the folder a drill had for its temporary files. */
async function expectNothingLeft(temporary: string): Promise<void> {
  expect(await processesIn(temporary)).toEqual([])
  const own = (await readdir(temporary)).filter((name) => name.startsWith('neonpro-recovery-'))
  for (const name of own) expect(await readdir(join(temporary, name, 'worlds'))).toEqual([])
}

test('an interrupted drill says so as JSON and leaves nothing behind', async () => {
  const temporary = await temporaryFolder(0o755)
  const drill = startRecovery(scratch, DRILL, { environment: { TMPDIR: temporary } })
  await drill.said('clients at work')
  drill.child.kill('SIGINT')
  const ended = await drill.ended
  expect(ended.code).toBe(130)
  expect(errorOf(ended)).toMatchObject({ kind: 'aborted', code: 'INTERRUPTED' })
  await expectNothingLeft(temporary)
}, 60_000)

const asRoot = process.getuid?.() === 0 ? test : test.skip

asRoot('a folder the databases cannot enter is refused', async () => {
  const temporary = await temporaryFolder(0o700)
  const ended = await startRecovery(scratch, DRILL, { environment: { TMPDIR: temporary } }).ended
  expect(ended.code).toBe(1)
  expect(errorOf(ended)).toMatchObject({ kind: 'user', code: 'FOLDER_CLOSED' })
  await expectNothingLeft(temporary)
})

const SMALL = mountTmpfs(100)
const ROOMY = mountTmpfs(1700)
afterAll(() => {
  SMALL?.remove()
  ROOMY?.remove()
})
const withDisk = SMALL && ROOMY ? test : test.skip

withDisk('a disk too small for a drill is refused before anything is started', async () => {
  const ended = await startRecovery(scratch, DRILL, { environment: { TMPDIR: SMALL!.folder } }).ended
  expect(ended.code).toBe(1)
  expect(errorOf(ended)).toMatchObject({ kind: 'user', code: 'DISK_TOO_SMALL' })
  await expectNothingLeft(SMALL!.folder)
})

withDisk('a disk that was full is remembered, also once a dead server has given room back', async () => {
  const { folder } = SMALL!
  const lost = new Error('timeout expired')
  expect(await explained(lost, folder)).toBe(lost)
  const endWatch = watchRoom(folder)
  await fill(join(folder, 'ballast'))
  await new Promise((resolve) => void setTimeout(resolve, 1000))
  await rm(join(folder, 'ballast'))
  endWatch()
  expect(await explained(lost, folder)).toMatchObject({ code: 'DISK_FULL', cause: lost })
})

withDisk(
  'a disk that runs full in the middle is told as what it is, not judged as a recovery',
  async () => {
    const temporary = ROOMY!.folder
    const drill = startRecovery(scratch, DRILL, { environment: { TMPDIR: temporary } })
    await drill.said('clients at work')
    await fill(join(temporary, 'ballast'))
    const ended = await drill.ended
    expect(ended.code).toBe(1)
    expect(errorOf(ended)).toMatchObject({
      kind: 'user',
      code: 'DISK_FULL',
      message: expect.stringContaining(temporary),
    })
    await rm(join(temporary, 'ballast'))
    await expectNothingLeft(temporary)
  },
  180_000,
)

const wrapper = fewPorts()
const withFewPorts = wrapper ? test : test.skip

withFewPorts('a machine without a free port says so and leaves nothing behind', async () => {
  const temporary = await temporaryFolder(0o755)
  const ended = await startRecovery(scratch, DRILL, { wrapper: wrapper!, environment: { TMPDIR: temporary } }).ended
  expect(ended.code).toBe(1)
  expect(errorOf(ended)).toMatchObject({ kind: 'user', code: 'NO_FREE_PORT' })
  await expectNothingLeft(temporary)
})

/** Writes until there is no space left. */
async function fill(path: string): Promise<void> {
  const block = Buffer.alloc(1 << 20)
  const endless = Readable.from(
    (function* () {
      for (;;) yield block
    })(),
  )
  await expect(pipeline(endless, createWriteStream(path))).rejects.toMatchObject({ code: 'ENOSPC' })
}
