import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderBackups } from '../../../adapters/local/folder-backups'
import { describeBackupStore } from '../../contracts/backup-store'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backups-'))
})
afterEach(() => rm(folder, { recursive: true }))

describeBackupStore('folder', () => new FolderBackups(folder))

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}

it('lets nobody else read, and leaves nothing aside', async () => {
  const store = new FolderBackups(folder)
  await store.keep('a/data', bytesOf('sealed'))
  await store.replace('a/data', 'other')
  expect((await stat(join(folder, 'a/data'))).mode & 0o777).toBe(0o600)
  expect(await readdir(join(folder, 'a'))).toEqual(['data'])
})

it('never leaves its folder', async () => {
  const store = new FolderBackups(folder)
  for (const name of ['../a', 'a/../../b', '/etc/passwd', 'a//b', '.hidden'])
    await expect(store.keep(name, bytesOf('x'))).rejects.toMatchObject({ code: 'BACKUP_NAME' })
})
