import { PortError } from '../ports/errors'
import type { BucketProtection, Expiry, PlanProtection, Protection, VaultProtection } from '../ports/compliance'
import { endsSooner } from './expiry'

/**
 * What a thing has to become so that it protects at least as declared and no less than now: a remedy never weakens what
 * somebody made stronger. Throws PortError('conflict') for what is gone and cannot be made anew from its protection alone.
 */
export function atLeast<P extends Protection>(declared: P, found: P | undefined): P
export function atLeast(declared: Protection, found: Protection | undefined): Protection {
  if (declared.kind === 'backup-selection' || declared.kind === 'copy') return declared
  if (!found) throw gone(declared.kind, declared.name)
  switch (declared.kind) {
    case 'bucket':
      return found.kind === declared.kind ? bucket(declared, found) : declared
    case 'vault':
      return found.kind === declared.kind ? vault(declared, found) : declared
    case 'backup-plan':
      return found.kind === declared.kind ? plan(declared, found) : declared
    case 'log-group': {
      if (found.kind !== declared.kind || declared.keepsDays === null) return declared
      return { ...declared, keepsDays: found.keepsDays === null ? null : Math.max(found.keepsDays, declared.keepsDays) }
    }
    case 'database':
    case 'key':
    case 'trail':
      return declared
  }
}

const gone = (kind: string, name: string): PortError =>
  new PortError('conflict', 'PROTECTED_GONE', `the ${kind} '${name}' does not exist any more; deploy its stack again`)

const bucket = (declared: BucketProtection, found: BucketProtection): BucketProtection => ({
  ...found,
  refusesPublic: declared.refusesPublic || found.refusesPublic,
  ends: Object.fromEntries(
    Object.entries(found.ends).flatMap(([scope, end]) => {
      const allowed = noSooner(declared.ends[scope] ?? {}, end)
      return Object.keys(allowed).length > 0 ? [[scope, allowed]] : []
    }),
  ),
})

/** The end of a scope without what is sooner than declared. */
export function noSooner(declared: Expiry, found: Expiry): Expiry {
  const objectDays = endsSooner(found.objectDays, declared.objectDays) ? declared.objectDays : found.objectDays
  const versionDays = endsSooner(found.versionDays, declared.versionDays) ? declared.versionDays : found.versionDays
  return { ...(objectDays !== undefined && { objectDays }), ...(versionDays !== undefined && { versionDays }) }
}

function vault(declared: VaultProtection, found: VaultProtection): VaultProtection {
  if (!declared.lock || !found.lock) return { ...declared, lock: declared.lock ?? found.lock }
  return {
    ...declared,
    lock: {
      minDays: Math.max(declared.lock.minDays, found.lock.minDays),
      maxDays: Math.max(declared.lock.maxDays, found.lock.maxDays),
    },
  }
}

function plan(declared: PlanProtection, found: PlanProtection): PlanProtection {
  const missing = Object.keys(declared.keepsDays).find((rule) => found.keepsDays[rule] === undefined)
  if (missing !== undefined) throw gone('backup rule', `${declared.name}/${missing}`)
  return {
    ...declared,
    keepsDays: Object.fromEntries(
      Object.entries(found.keepsDays).map(([rule, days]) => [rule, Math.max(days, declared.keepsDays[rule] ?? days)]),
    ),
  }
}
