import { createVerify } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderWriteOnceStore } from '../../../adapters/local/folder-write-once-store'
import { KeyFileSigner, readPublicKeys } from '../../../adapters/local/key-file-signer'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { describeWriteOnceStore } from '../../contracts/write-once-store'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evidence-'))
})
afterAll(() => rm(root, { recursive: true }))

describeWriteOnceStore('memory', () => new MemoryWriteOnceStore())
describeWriteOnceStore('folder', async () => new FolderWriteOnceStore(await mkdtemp(join(root, 'store-'))))

describe('the folder store', () => {
  it.each(['', '/etc/passwd', '../out', 'a/../b', 'a//b', '.hidden', 'a/.b', 'a b', 'a\0b'])(
    'refuses the key %p',
    async (key) => {
      const store = new FolderWriteOnceStore(root)
      await expect(store.create(key, 'x')).rejects.toMatchObject({ failure: 'invalid', code: 'EVIDENCE_KEY_INVALID' })
      await expect(store.get(key)).rejects.toMatchObject({ failure: 'invalid' })
    },
  )

  it('leaves nothing but the texts, and lists nothing that a crash left half written', async () => {
    const folder = await mkdtemp(join(root, 'store-'))
    const store = new FolderWriteOnceStore(folder)
    await store.create('a/1', 'x')
    await store.create('a/1', 'y')
    expect(await readdir(join(folder, 'a'))).toEqual(['1'])
    await writeFile(join(folder, 'a', '.half-written'), '{')
    const keys: string[] = []
    for await (const key of store.keys('')) keys.push(key)
    expect(keys).toEqual(['a/1'])
  })

  it('says what stands in the way where a folder is needed', async () => {
    const file = join(root, 'a-file')
    await writeFile(file, '')
    await expect(new FolderWriteOnceStore(file).create('a', 'x')).rejects.toMatchObject({ failure: 'invalid' })
    await expect(new FolderWriteOnceStore(join(file, 'b')).create('a/b', 'x')).rejects.toMatchObject({
      failure: 'invalid',
    })
  })
})

describe('the key file signer', () => {
  it('makes a key only its owner can read, keeps it, and signs what its public key verifies', async () => {
    const folder = join(root, 'keys-1')
    const signer = await KeyFileSigner.open(folder, 'eu-west-1')
    expect((await stat(join(folder, 'eu-west-1.pem'))).mode & 0o777).toBe(0o600)
    const again = await KeyFileSigner.open(folder, 'eu-west-1')
    expect(again.keyId).toBe(signer.keyId)
    const [key] = await readPublicKeys(folder)
    expect(key).toMatchObject({ region: 'eu-west-1', keyId: signer.keyId })
    const signature = Buffer.from(await signer.sign('text'), 'base64')
    expect(createVerify('sha256').update('text').verify(key!.publicKey, signature)).toBe(true)
    expect(createVerify('sha256').update('texT').verify(key!.publicKey, signature)).toBe(false)
  })

  it('gives simultaneous openers the same key', async () => {
    const folder = join(root, 'keys-2')
    const signers = await Promise.all([1, 2, 3].map(() => KeyFileSigner.open(folder, 'eu-west-1')))
    expect(new Set(signers.map(({ keyId }) => keyId)).size).toBe(1)
  })

  it('refuses a key that others may read', async () => {
    const folder = join(root, 'keys-3')
    await KeyFileSigner.open(folder, 'eu-west-1')
    await chmod(join(folder, 'eu-west-1.pem'), 0o640)
    await expect(KeyFileSigner.open(folder, 'eu-west-1')).rejects.toMatchObject({
      failure: 'denied',
      code: 'SIGNING_KEY_EXPOSED',
    })
  })

  it('finds no public keys where there is no folder', async () => {
    expect(await readPublicKeys(join(root, 'none'))).toEqual([])
  })
})
