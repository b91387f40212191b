import type { CodeCopies } from '../ports/code-copies'
import { isSignedBy, manifestKey, MANIFESTS, readManifest } from './manifest'

/** What is wrong with the newest copy of the code in one place. */
export type CodeFinding =
  'no-copy' | 'stale' | 'from-the-future' | 'manifest-damaged' | 'signature-wrong' | 'bundle-missing' | 'bundle-differs'

/** The newest copy as found: no finding means that it is fresh, signed and whole. */
export interface CodeVerdict {
  readonly findings: readonly CodeFinding[]
  /** Of the newest copy; undefined where there is none that can be read. */
  readonly commit?: string
  readonly ageMinutes?: number
}

/** Clocks of CI and of the checker may differ that much. */
const CLOCK_TOLERANCE_MINUTES = 5

/**
 * Judges the newest copy in a place by its age, its signature and what the place says about the bundle. The bundle itself
 * is not read again: the place computed the hash when it took it in.
 */
export async function checkCode(
  copies: CodeCopies,
  publicKey: string,
  oldestHours: number,
  now: Date,
): Promise<CodeVerdict> {
  let newest: string | undefined
  for await (const key of copies.manifests.keys(MANIFESTS)) newest = key
  const text = newest === undefined ? undefined : await copies.manifests.get(newest)
  if (text === undefined) return { findings: ['no-copy'] }
  const manifest = readManifest(text)
  // Under the key of another time it would be newer or older than it says.
  if (!manifest || manifestKey(manifest) !== newest) return { findings: ['manifest-damaged'] }
  const ageMinutes = Math.floor((now.getTime() - Date.parse(manifest.createdAt)) / 60_000)
  const held = await copies.describeBundle(manifest.bundle.key)
  const { bytes, sha256 } = manifest.bundle
  const findings: (CodeFinding | false)[] = [
    ageMinutes > oldestHours * 60 && 'stale',
    // A copy dated ahead would look fresh for as long as it lies ahead.
    ageMinutes < -CLOCK_TOLERANCE_MINUTES && 'from-the-future',
    !isSignedBy(publicKey, manifest) && 'signature-wrong',
    !held && 'bundle-missing',
    held !== undefined && (held.sha256 !== sha256 || held.bytes !== bytes) && 'bundle-differs',
  ]
  return { findings: findings.filter((finding) => finding !== false), commit: manifest.commit, ageMinutes }
}
