import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../evidence/canonical-json'
import type { DataKeys, KeyContext } from '../ports/data-keys'
import { PortError } from '../ports/errors'

const CIPHER = 'aes-256-gcm'
/** The nonce size that GCM is specified for (NIST SP 800-38D, section 8.2); each key is used once. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

const envelopeSchema = z.strictObject({
  cipher: z.literal(CIPHER),
  wrappedKey: z.string(),
  nonce: z.string(),
  tag: z.string(),
  text: z.string(),
})

/** Encrypts a text so that only the holder of the keys can read it, and only for the context it was sealed for. */
export async function seal(keys: DataKeys, text: string, context: KeyContext): Promise<string> {
  const { plain, wrapped } = await keys.make(context)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, plain, nonce, { authTagLength: TAG_BYTES }).setAAD(bytesOf(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return canonicalJson({
    cipher: CIPHER,
    wrappedKey: wrapped,
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    text: sealed.toString('base64'),
  })
}

/** The text again. Throws PortError('invalid') where the envelope is damaged or was sealed for another context. */
export async function open(keys: DataKeys, envelope: string, context: KeyContext): Promise<string> {
  const parts = read(envelope)
  const plain = await keys.unwrap(parts.wrappedKey, context)
  try {
    const decipher = createDecipheriv(CIPHER, plain, Buffer.from(parts.nonce, 'base64'), { authTagLength: TAG_BYTES })
    decipher.setAAD(bytesOf(context)).setAuthTag(Buffer.from(parts.tag, 'base64'))
    return Buffer.concat([decipher.update(parts.text, 'base64'), decipher.final()]).toString('utf8')
  } catch {
    throw damaged()
  }
}

function read(envelope: string): z.infer<typeof envelopeSchema> {
  try {
    return envelopeSchema.parse(JSON.parse(envelope))
  } catch {
    throw damaged()
  }
}

const bytesOf = (context: KeyContext): Buffer => Buffer.from(canonicalJson({ ...context }), 'utf8')

// Without the cause: what a parser or a cipher says could repeat what is inside.
const damaged = (): PortError =>
  new PortError(
    'invalid',
    'ENVELOPE_DAMAGED',
    'the envelope is damaged or sealed for another context; take another copy',
  )
