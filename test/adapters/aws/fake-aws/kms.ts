import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { json, type Call, type Service } from './wire'

/** What a wrapped data key stands for; only this fake can read it. */
interface Wrapped {
  readonly region: string
  readonly keyId: string
  readonly context: string
  readonly plain: string
}

interface Request {
  readonly KeyId?: string
  readonly KeySpec?: string
  readonly NumberOfBytes?: number
  readonly CiphertextBlob?: string
  readonly Plaintext?: string
  readonly EncryptionContext?: Readonly<Record<string, string>>
  readonly Message?: string
  readonly MessageType?: string
  readonly SigningAlgorithm?: string
}

/** One signing key, P-256, and in each region as many encryption keys as are named. */
export class FakeKms implements Service {
  /** Regions whose keys nobody may use for now. */
  readonly deniedRegions = new Set<string>()
  private readonly pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  private readonly wrapped = new Map<string, Wrapped>()

  action = ({ headers }: Omit<Call, 'action'>) => `kms:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ action, body, region }: Call) {
    if (this.deniedRegions.has(region)) return this.error('AccessDeniedException')
    const request = JSON.parse(body) as Request
    switch (action) {
      case 'kms:GetPublicKey':
        return json({ PublicKey: this.pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') })
      case 'kms:Sign':
        return this.sign(request)
      case 'kms:GenerateDataKey':
        return this.generate(region, request)
      case 'kms:Encrypt':
        return this.encrypt(region, request)
      case 'kms:Decrypt':
        return this.decrypt(region, request)
      default:
        return this.error('UnknownOperationException')
    }
  }

  private sign({ Message, MessageType, SigningAlgorithm }: Request) {
    if (MessageType !== 'RAW' || SigningAlgorithm !== 'ECDSA_SHA_256' || !Message)
      return this.error('ValidationException')
    const message = Buffer.from(Message, 'base64')
    if (message.length > 4096) return this.error('ValidationException')
    return json({ Signature: sign('sha256', message, this.pair.privateKey).toString('base64') })
  }

  private generate(region: string, { KeyId, KeySpec, NumberOfBytes, EncryptionContext }: Request) {
    // One of the two ways to ask for 256 bits, and never both.
    if (!KeyId || (KeySpec === 'AES_256') === (NumberOfBytes === 32)) return this.error('ValidationException')
    const plain = randomBytes(32).toString('base64')
    return json({ Plaintext: plain, CiphertextBlob: this.blobOf(region, KeyId, EncryptionContext, plain), KeyId })
  }

  private encrypt(region: string, { KeyId, Plaintext, EncryptionContext }: Request) {
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
    const bytes = Buffer.from(Plaintext ?? '', 'base64').length
    if (!KeyId || !Plaintext || bytes > 4096) return this.error('ValidationException')
    return json({ CiphertextBlob: this.blobOf(region, KeyId, EncryptionContext, Plaintext), KeyId })
  }

  private blobOf(region: string, keyId: string, context: Request['EncryptionContext'], plain: string): string {
    const blob = randomBytes(48).toString('base64')
    this.wrapped.set(blob, { region, keyId, context: contextOf(context), plain })
    return blob
  }

  private decrypt(region: string, { KeyId, CiphertextBlob, EncryptionContext }: Request) {
    const wrapped = this.wrapped.get(CiphertextBlob ?? '')
    // A blob of another region is no blob to this one.
    if (!wrapped || wrapped.region !== region || wrapped.context !== contextOf(EncryptionContext))
      return this.error('InvalidCiphertextException')
    if (KeyId !== wrapped.keyId) return this.error('IncorrectKeyException')
    return json({ Plaintext: wrapped.plain, KeyId })
  }
}

const contextOf = (context: Request['EncryptionContext'] = {}): string =>
  JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1)))
