import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../adapters/local/clock'
import { FolderConfiguration } from '../../../adapters/local/folder-configuration'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { describeConfiguration } from '../../contracts/configuration'
import { describeDataKeys } from '../../contracts/data-keys'

const folders: string[] = []
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'configuration-'))
  folders.push(folder)
  return folder
}
afterAll(async () => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

describeConfiguration('folder', async () => {
  const folder = await newFolder()
  return {
    configuration: new FolderConfiguration(folder, systemClock),
    rotate: async (secret, versionId) =>
      writeFile(join(folder, 'secrets.json'), JSON.stringify({ [secret]: versionId })),
  }
})

describe('FolderConfiguration', () => {
  it('lets only its owner read a setting', async () => {
    const folder = await newFolder()
    await new FolderConfiguration(folder, systemClock).put({ name: '/mail/host', kind: 'plain', value: 'x' })
    const { mode } = await stat(join(folder, 'settings', 'mail', 'host', 'v000001.json'))
    expect(mode & 0o777).toBe(0o600)
  })

  it.each(['mail/host', '/../etc', '/mail//host', '/mail/.host', '/'])("refuses the name '%s'", async (name) => {
    const configuration = new FolderConfiguration(await newFolder(), systemClock)
    await expect(configuration.put({ name, kind: 'plain', value: 'x' })).rejects.toMatchObject({ failure: 'invalid' })
  })

  it('gives simultaneous writers a version each', async () => {
    const configuration = new FolderConfiguration(await newFolder(), systemClock)
    const put = (value: string) => configuration.put({ name: '/mail/host', kind: 'plain', value })
    await Promise.all(['a', 'b', 'c', 'd'].map(put))
    const versions: number[] = []
    for await (const { version } of configuration.history('/mail/host')) versions.push(version)
    expect(versions).toEqual([1, 2, 3, 4])
  })
})

describeDataKeys('key file', async () => ({
  own: await KeyWrapping.open(join(await newFolder(), 'own.key')),
  foreign: await KeyWrapping.open(join(await newFolder(), 'foreign.key')),
}))

describe('KeyWrapping', () => {
  it('finds its key again, and refuses one that others may read', async () => {
    const path = join(await newFolder(), 'own.key')
    const { wrapped, plain } = await (await KeyWrapping.open(path)).make({ a: 'b' })
    const again = await (await KeyWrapping.open(path)).unwrap(wrapped, { a: 'b' })
    expect(Buffer.from(again).equals(Buffer.from(plain))).toBe(true)
    await chmod(path, 0o640)
    await expect(KeyWrapping.open(path)).rejects.toMatchObject({ code: 'WRAPPING_KEY_EXPOSED' })
  })
})
