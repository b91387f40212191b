import { verify as verifySignature } from 'node:crypto'
import { z } from 'zod'
import { isSealIntact, readStored, seal, storedText } from '../evidence/record'
import type { Signer } from '../ports/write-once-store'

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * A signed statement that a bundle holds the repository at a commit. `hash` covers everything but itself and the
 * signature; the signature covers the hash.
 */
const manifestSchema = z.strictObject({
  kind: z.literal('code-bundle'),
  /** Full object name: 40 digits with SHA-1, 64 with SHA-256. */
  commit: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  tags: z.array(z.string()),
  createdAt: z.iso.datetime(),
  bundle: z.strictObject({
    key: z.string().regex(/^bundles\/[0-9a-f]+\/[0-9a-f]{64}\.bundle$/),
    bytes: z.int().positive(),
    sha256: sha256Hex,
  }),
  keyId: z.string(),
  hash: sha256Hex,
  signature: z.string(),
})

export type CodeManifest = z.infer<typeof manifestSchema>

export const MANIFESTS = 'manifests/'

/** What is said about a bundle; the manifest adds the signature. */
export type BundleStatement = Pick<CodeManifest, 'commit' | 'tags' | 'createdAt' | 'bundle'>

export async function signManifest(signer: Signer, statement: BundleStatement): Promise<CodeManifest> {
  const sealed = seal({ kind: 'code-bundle' as const, ...statement, keyId: signer.keyId })
  return manifestSchema.parse({ ...sealed, signature: await signer.sign(sealed.hash) })
}

/** Undefined where the text is not exactly a manifest in its stored form, or not what its hash says. */
export function readManifest(text: string): CodeManifest | undefined {
  const manifest = readStored(manifestSchema, text)
  if (!manifest) return undefined
  const { signature: _signature, ...sealed } = manifest
  return isSealIntact(sealed) ? manifest : undefined
}

/** Whether the manifest was signed with the private half of the key; PEM (SPKI). */
export const isSignedBy = (publicKey: string, { hash, signature }: CodeManifest): boolean =>
  verifySignature('sha256', Buffer.from(hash, 'utf8'), publicKey, Buffer.from(signature, 'base64'))

export const manifestText = (manifest: CodeManifest): string => storedText(manifest)

/** Sorts by time, since the newest copy is the last key. */
export const manifestKey = ({ createdAt, commit }: BundleStatement): string =>
  `${MANIFESTS}${createdAt.replaceAll(/[-:.]/g, '')}-${commit.slice(0, 12)}`

/** A bundle's key says what is in it, so that the same content is stored once. */
export const bundleKey = (commit: string, sha256: string): string => `bundles/${commit}/${sha256}.bundle`
