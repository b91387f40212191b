import type { Policy } from '../../core/policy'
import { applicationSecrets } from '../../core/policy/login-secrets'
import type { Names } from '../names'

/** Names of what Secrets Manager keeps a copy of in the other region: the application's own, and those of owners of databases that we create. */
export function replicatedSecrets(policy: Policy, names: Names): readonly string[] {
  if (!names.dataRoles.includes('recovery')) return []
  const { database } = policy.imports
  const imported = database.mode === 'import' ? database.generation : undefined
  const created = policy.topology.instances.filter(
    ({ source, generation }) => source === undefined && generation !== imported,
  )
  return [...applicationSecrets(policy), ...created.map(({ generation }) => names.ownerSecret(generation))]
}
