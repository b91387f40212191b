import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packed, type Packing } from '../../../adapters/local/packed-folder'

/** More than the pipes between tar and its reader hold, and nothing that compresses. */
const LARGE = 8 << 20

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'))
  await writeFile(join(folder, 'asset'), randomBytes(LARGE))
})
afterEach(() => rm(folder, { recursive: true }))

/** Packs the folder, to whose file something is added while it is read. */
async function packWhileItChanges(packing: Packing): Promise<number> {
  let bytes = 0
  for await (const chunk of packed(folder, packing)) {
    if (bytes === 0) await appendFile(join(folder, 'asset'), 'more')
    bytes += chunk.length
  }
  return bytes
}

it('ends with an error where a file changes while it is read', async () => {
  await expect(packWhileItChanges({})).rejects.toMatchObject({ failure: 'conflict', code: 'PACKING_FAILED' })
})

it('takes each file as it stood where files may come and go', async () => {
  expect(await packWhileItChanges({ mayChange: true })).toBeGreaterThanOrEqual(LARGE)
})

it('ends with an error all the same where something is not there', async () => {
  const missing = async () => {
    for await (const chunk of packed(folder, { entries: ['asset', 'missing'], mayChange: true })) void chunk
  }
  await expect(missing()).rejects.toMatchObject({ code: 'PACKING_FAILED' })
})
