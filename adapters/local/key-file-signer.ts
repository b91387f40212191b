import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdir, readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { TrustedKey } from '../../core/evidence'
import { PortError } from '../../core/ports/errors'
import type { Signer } from '../../core/ports/write-once-store'
import { createOnce } from './create-once'

const PUBLIC = '.pub.pem'

/**
 * Signs with a P-256 key in a file that only its owner may read. Beside `<region>.pem` stands `<region>.pub.pem`,
 * for those who only verify.
 */
export class KeyFileSigner implements Signer {
  readonly keyId: string

  private constructor(private readonly key: KeyObject) {
    this.keyId = keyIdOf(createPublicKey(key))
  }

  /** Opens the region's key in the folder, and makes it where there is none yet. Throws PortError('denied') for a key others may read. */
  static async open(folder: string, region: string): Promise<KeyFileSigner> {
    const path = join(folder, `${region}.pem`)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await makeKey(path)
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) {
      throw new PortError(
        'denied',
        'SIGNING_KEY_EXPOSED',
        `'${path}' has mode ${(mode & 0o777).toString(8)}, so others may sign with it; run chmod 600 on it, or make a new key`,
      )
    }
    const signer = new KeyFileSigner(createPrivateKey(await readFile(path, 'utf8')))
    await createOnce(join(folder, region + PUBLIC), await signer.publicKey(), 0o644)
    return signer
  }

  async sign(text: string): Promise<string> {
    return sign('sha256', Buffer.from(text, 'utf8'), this.key).toString('base64')
  }

  async publicKey(): Promise<string> {
    return createPublicKey(this.key).export({ type: 'spki', format: 'pem' }).toString()
  }
}

/** The public keys that `KeyFileSigner` left in a folder; none where there is no folder. */
export async function readPublicKeys(folder: string): Promise<TrustedKey[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith(PUBLIC)).toSorted()
  return Promise.all(files.map((name) => readPublicKey(join(folder, name), basename(name, PUBLIC))))
}

async function readPublicKey(path: string, region: string): Promise<TrustedKey> {
  const publicKey = await readFile(path, 'utf8')
  try {
    return { region, keyId: keyIdOf(createPublicKey(publicKey)), publicKey }
  } catch (cause) {
    throw new PortError(
      'invalid',
      'PUBLIC_KEY_UNREADABLE',
      `'${path}' holds no public key in PEM; restore or remove it`,
      {
        cause,
      },
    )
  }
}

async function makeKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await createOnce(path, pem.toString(), 0o600)
}

/** Names a key by what it is, so that a public key cannot pass for another. */
const keyIdOf = (publicKey: KeyObject): string =>
  `local:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)}`
