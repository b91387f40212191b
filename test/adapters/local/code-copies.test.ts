import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderCodeCopies } from '../../../adapters/local/folder-code-copies'
import { describeCodeCopies } from '../../contracts/code-copies'

const folders: string[] = []
afterAll(async () => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

describeCodeCopies('folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'code-copies-'))
  folders.push(folder)
  return new FolderCodeCopies(folder)
})
