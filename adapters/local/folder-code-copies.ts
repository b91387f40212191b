import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PortError } from '../../core/ports/errors'
import type { CodeCopies, HeldBundle } from '../../core/ports/code-copies'
import { createOnce } from './create-once'
import { FolderWriteOnceStore } from './folder-write-once-store'

/** Signed copies of the repository in a folder. It has no memory of hashes, so it computes them from what it holds. */
export class FolderCodeCopies implements CodeCopies {
  readonly manifests: FolderWriteOnceStore

  constructor(private readonly folder: string) {
    this.manifests = new FolderWriteOnceStore(folder)
  }

  async storeBundle(key: string, content: Uint8Array, sha256: string): Promise<'created' | 'exists'> {
    if (hashOf(content) !== sha256)
      throw new PortError('invalid', 'BUNDLE_HASH_DIFFERS', `'${key}' does not have the hash ${sha256}; make it again`)
    const path = join(this.folder, key)
    await mkdir(dirname(path), { recursive: true })
    return (await createOnce(path, content, 0o644)) ? 'created' : 'exists'
  }

  async describeBundle(key: string): Promise<HeldBundle | undefined> {
    const content = await this.readBundle(key)
    return content && { bytes: content.length, sha256: hashOf(content) }
  }

  async readBundle(key: string): Promise<Uint8Array | undefined> {
    return readFile(join(this.folder, key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
  }
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')
