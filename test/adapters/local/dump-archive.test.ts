import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FolderDumpArchive } from '../../../adapters/local/folder-dump-archive'
import { describeArchiveReading } from '../../contracts/archive-reading'
import { describeDumpArchive } from '../../contracts/dump-archive'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))
const archive = (): FolderDumpArchive => {
  const folder = mkdtempSync(join(tmpdir(), 'neonpro-archive-'))
  folders.push(folder)
  return new FolderDumpArchive(folder)
}

describeDumpArchive('folder', archive)
describeArchiveReading(
  'folder',
  () => {
    const held = archive()
    return { archive: held, archived: (dataClass, key, bytes) => held.keep(dataClass, key, Readable.from([bytes])) }
  },
  // As a file is read by Node.
  64 * 1024,
)

it('tells what it holds below a prefix, in key order, and nothing of what is being written', async () => {
  const held = archive()
  for (const key of ['dumps/b', 'dumps/a', 'exports/c']) await held.write('phi', key, key)
  await held.keep('phi', 'dumps/broken', broken()).catch(() => undefined)
  const found = []
  for await (const object of held.objects('phi', 'dumps/')) found.push(object)
  expect(found).toEqual([
    { key: 'dumps/a', bytes: 7 },
    { key: 'dumps/b', bytes: 7 },
  ])
  for await (const none of held.objects('pii', '')) throw new Error(`it tells of ${none.key}`)
})

async function* broken(): AsyncIterable<Uint8Array> {
  yield Buffer.from('one')
  throw new Error('the stream broke off')
}
