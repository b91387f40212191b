import { worst, type Verdict } from '../integrity/verdict'
import type { KeyHolder } from '../ports/data-keys'
import { requireAge, type AgeLimits } from './age'
import { unlocked } from './backup-key'
import { asCheck, BACKUP_CHECKS, CheckFailed, fails, type BackupCheck, type CheckOutcome } from './checks'
import { compareContent } from './compare-content'
import { loadParts, type LoadWorld } from './load-parts'
import { isGenuine, parseManifest, type BackupFacts, type Manifest } from './manifest'
import { isNamed, manifestOf } from './names'
import { textOf } from './text-of'

export interface ProofWorld extends LoadWorld {
  /** Every key that may be the right one. */
  readonly keys: readonly KeyHolder[]
}

/** What the backup is taken for by whoever asks. */
export interface Expected {
  readonly database?: string
  readonly cluster?: string
  readonly age: AgeLimits
}

export interface BackupProof {
  readonly verdict: Verdict
  readonly name: string
  readonly checks: readonly CheckOutcome[]
  readonly facts?: BackupFacts
  readonly seconds: number
}

/**
 * Proves a backup the only way there is: by restoring it, and comparing what is there with what was there. Leaves the restored
 * database to the caller where everything passed, and nothing of it where anything did not.
 */
export async function proveBackup(world: ProofWorld, name: string, expected: Expected): Promise<BackupProof> {
  const began = world.clock.monotonicMs()
  const asked = new Map<BackupCheck, CheckOutcome>()
  const pass = (...checks: BackupCheck[]) => {
    for (const check of checks) asked.set(check, { check, verdict: 'pass' })
  }
  let facts: BackupFacts | undefined
  try {
    const manifest = await asCheck('manifest', async () =>
      parseManifest(await textOf(world.store.read(manifestOf(name)))),
    )
    facts = manifest.facts
    pass('manifest')
    if (!isNamed(name, facts.startedAt, facts.id))
      throw fails(
        'name',
        'MANIFEST_OF_ANOTHER',
        `the manifest is that of backup ${facts.id}, begun at ${facts.startedAt}`,
      )
    pass('name')
    const secrets = await asCheck('key', () => unlocked(world.keys, manifest))
    pass('key')
    if (!isGenuine(manifest, secrets))
      throw fails(
        'voucher',
        'MANIFEST_CHANGED',
        'the manifest was changed after the backup was taken; take another copy',
      )
    pass('voucher')
    requireOrigin(manifest, expected)
    pass('origin')
    requireAge(facts, expected.age, world.clock)
    pass('age')
    const lacking = await asCheck('roles', () => world.target.missingRoles(manifest.facts.roles))
    if (lacking.length > 0)
      throw fails('roles', 'ROLES_MISSING', `the server has no role ${lacking.map((role) => `'${role}'`).join(', ')}`)
    pass('roles')
    const { properties } = manifest.facts
    await asCheck('restore', () => world.target.create(properties))
    await loadParts(world, name, manifest.facts, secrets)
    pass('bytes', 'sealed', 'restore')
    const restored = await asCheck('content', () => world.target.fingerprint())
    pass('content', 'catalog', 'sequences')
    for (const outcome of compareContent(facts.fingerprint, restored)) asked.set(outcome.check, outcome)
  } catch (error) {
    if (!(error instanceof CheckFailed)) {
      await world.target.remove()
      throw error
    }
    for (const outcome of error.outcomes) asked.set(outcome.check, outcome)
  }
  const verdict = worst([...asked.values()].map((outcome) => outcome.verdict))
  if (verdict !== 'pass') await world.target.remove()
  return {
    verdict,
    name,
    checks: BACKUP_CHECKS.map((check) => asked.get(check) ?? { check, verdict: 'inconclusive', code: 'NOT_REACHED' }),
    ...(facts && { facts }),
    seconds: (world.clock.monotonicMs() - began) / 1000,
  }
}

function requireOrigin({ facts: { origin } }: Manifest, { database, cluster }: Expected): void {
  if (database !== undefined && database !== origin.database)
    throw fails(
      'origin',
      'ANOTHER_DATABASE',
      `it is a backup of the database '${origin.database}', not of '${database}'`,
    )
  if (cluster !== undefined && cluster !== origin.cluster)
    throw fails(
      'origin',
      'ANOTHER_CLUSTER',
      `it is a backup of the cluster ${origin.cluster ?? 'that told no identifier'}, not of ${cluster}`,
    )
}
