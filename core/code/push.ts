import { createHash } from 'node:crypto'
import type { Clock } from '../ports/clock'
import type { CodeCopies } from '../ports/code-copies'
import type { Signer } from '../ports/write-once-store'
import { bundleKey, manifestKey, manifestText, signManifest } from './manifest'

/** One place a copy goes to, with the key that place checks it by. */
export interface CodePlace {
  readonly name: string
  readonly copies: CodeCopies
  readonly signer: Signer
}

export interface RepositoryCopy {
  readonly commit: string
  readonly tags: readonly string[]
  /** What `git bundle create` wrote. */
  readonly bundle: Uint8Array
}

/** How pushing to one place ended. */
export type Pushed =
  | { readonly place: string; readonly kind: 'pushed'; readonly manifest: string }
  | { readonly place: string; readonly kind: 'failed'; readonly error: unknown }

/**
 * Brings one copy of the repository to every place: the bundle first, then the signed manifest, so that a manifest never
 * vouches for what is not there. One place that fails never keeps the copy from another.
 */
export async function pushCode(places: readonly CodePlace[], copy: RepositoryCopy, clock: Clock): Promise<Pushed[]> {
  const sha256 = createHash('sha256').update(copy.bundle).digest('hex')
  const statement = {
    commit: copy.commit,
    tags: [...copy.tags],
    createdAt: clock.now().toISOString(),
    bundle: { key: bundleKey(copy.commit, sha256), bytes: copy.bundle.length, sha256 },
  }
  const pushTo = async ({ name, copies, signer }: CodePlace): Promise<Pushed> => {
    try {
      const manifest = await signManifest(signer, statement)
      await copies.storeBundle(statement.bundle.key, copy.bundle, sha256)
      await copies.manifests.create(manifestKey(statement), manifestText(manifest))
      return { place: name, kind: 'pushed', manifest: manifestKey(statement) }
    } catch (error) {
      return { place: name, kind: 'failed', error }
    }
  }
  return Promise.all(places.map(pushTo))
}
