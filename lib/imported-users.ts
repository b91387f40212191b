import type { Policy } from '../core/policy'
import type { Names } from './names'

/** The users of an imported database, whose resource id the policy names. */
export function importedUsers({ imports: { database }, topology }: Policy, names: Names): string[] {
  if (database.mode === 'create') return []
  const role = topology.instances.find(({ generation }) => generation === database.generation)?.region ?? 'primary'
  return [`arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:${database.resourceId}/*`]
}
