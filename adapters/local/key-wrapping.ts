import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { canonicalJson } from '../../core/evidence/canonical-json'
import type { DataKey, KeyContext, KeyHolder } from '../../core/ports/data-keys'
import { PortError } from '../../core/ports/errors'
import { createOnce } from './create-once'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Data keys wrapped by a key that this process holds: what KMS does, without KMS. */
export class KeyWrapping implements KeyHolder {
  constructor(private readonly key: Uint8Array = randomBytes(KEY_BYTES)) {}

  /** With the key in a file that only its owner may read; it is made where there is none yet. Throws PortError('denied') for one that others may read. */
  static async open(path: string): Promise<KeyWrapping> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await createOnce(path, randomBytes(KEY_BYTES), 0o600)
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0)
      throw new PortError(
        'denied',
        'WRAPPING_KEY_EXPOSED',
        `'${path}' has mode ${(mode & 0o777).toString(8)}, so others may read what it protects; run chmod 600 on it, or make a new key`,
      )
    return new KeyWrapping(await readFile(path))
  }

  /** The same for a key that has to be there: a new one would open nothing. Throws PortError('invalid') where it is missing. */
  static async openExisting(path: string): Promise<KeyWrapping> {
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && found.size === KEY_BYTES) return KeyWrapping.open(path)
    throw new PortError('invalid', 'KEY_FILE_MISSING', `'${path}' is no file of a key; name the one that was kept`)
  }

  /** A new key in a file that nobody has yet. Throws PortError('conflict') for one that is there. */
  static async create(path: string): Promise<KeyWrapping> {
    const key = randomBytes(KEY_BYTES)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    if (await createOnce(path, key, 0o600)) return new KeyWrapping(key)
    throw new PortError(
      'conflict',
      'KEY_FILE_EXISTS',
      `'${path}' is there already; what it seals needs it, name another file`,
    )
  }

  /** A keyed hash of no secret, of which nobody learns the key. */
  get keyId(): string {
    return `local:${createHmac('sha256', this.key).update('neonpro-recovery key id').digest('hex').slice(0, 16)}`
  }

  async make(context: KeyContext): Promise<DataKey> {
    const plain = randomBytes(KEY_BYTES)
    return { plain, wrapped: await this.wrap(plain, context) }
  }

  async wrap(plain: Uint8Array, context: KeyContext): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(context))
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
  }

  async unwrap(wrapped: string, context: KeyContext): Promise<Uint8Array> {
    const bytes = Buffer.from(wrapped, 'base64')
    const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)]
    try {
      const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(bytesOf(context)).setAuthTag(tag)
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    } catch {
      throw new PortError(
        'invalid',
        'WRAPPED_KEY_UNUSABLE',
        'the wrapped key is damaged, or belongs to another context or holder; take another copy',
      )
    }
  }
}

const bytesOf = (context: KeyContext): Buffer => Buffer.from(canonicalJson({ ...context }), 'utf8')
