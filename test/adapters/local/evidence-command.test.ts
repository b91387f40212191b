import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderWriteOnceStore } from '../../../adapters/local/folder-write-once-store'
import { KeyFileSigner } from '../../../adapters/local/key-file-signer'
import { evidenceCommand } from '../../../cli/commands/evidence'
import { recordKey } from '../../../core/evidence/layout'
import { checkpoint, fill } from '../../core/evidence/world'

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'evidence-'))
  folder = join(root, 'evidence')
  const store = new FolderWriteOnceStore(folder)
  await fill(store, 'eu-west-1', 0, 3)
  await checkpoint(store, await KeyFileSigner.open(join(root, 'keys'), 'eu-west-1'), 'eu-west-1')
})
afterEach(async () => {
  jest.restoreAllMocks()
  process.exitCode = 0
  await rm(root, { recursive: true })
})

async function verify(...options: string[]): Promise<{ exitCode: number; printed: string }> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  await evidenceCommand().parseAsync(['verify', ...options], { from: 'user' })
  const exitCode = Number(process.exitCode)
  const printed = write.mock.calls.map(([text]) => String(text)).join('')
  write.mockRestore()
  return { exitCode, printed }
}

describe('recovery evidence verify', () => {
  it('exits 0 and says so when every record is proven', async () => {
    const { exitCode, printed } = await verify('--folder', folder)
    expect(exitCode).toBe(0)
    expect(printed).toContain('eu-west-1/runbooks: 3 records, 3 proven, 0 unproven')
  })

  it('exits 1 and names the record when one was edited on disk', async () => {
    const path = join(folder, recordKey({ region: 'eu-west-1', writer: 'runbooks' }, 1))
    await writeFile(path, (await readFile(path, 'utf8')).replace('succeeded', 'failed'))
    const { exitCode, printed } = await verify('--folder', folder, '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(printed)).toMatchObject({ verdict: 'fail', findings: [{ code: 'edited' }] })
  })

  it('exits 2 when records came after the last checkpoint, and when the keys are not there', async () => {
    await fill(new FolderWriteOnceStore(folder), 'eu-west-1', 3, 4)
    expect(await verify('--folder', folder)).toMatchObject({
      exitCode: 2,
      printed: expect.stringContaining('1 unproven'),
    })
    await rm(join(root, 'keys'), { recursive: true })
    expect((await verify('--folder', folder)).exitCode).toBe(2)
  })

  it('takes several folders as copies of the same evidence', async () => {
    const copy = join(root, 'copy')
    await fill(new FolderWriteOnceStore(copy), 'eu-west-1', 0, 2)
    const { exitCode, printed } = await verify('--folder', folder, copy)
    expect(exitCode).toBe(0)
    expect(printed).toContain(`1 not yet in '${copy}'`)
  })

  it('says what to do where there is no such folder', async () => {
    await expect(verify('--folder', join(root, 'none'))).rejects.toMatchObject({
      code: 'EVIDENCE_FOLDER_MISSING',
      message: expect.stringContaining(join(root, 'none')),
    })
  })
})
