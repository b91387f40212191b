import type { TwoRegionPolicy } from '../policy'
import { bucketName, coordinationTableName, databaseName, functionName } from '../policy/names'
import { platformRoles } from '../policy/platform-roles'
import { servingGeneration } from '../policy/serving'
import type { ExecutableRunbook } from '../runbook/runbooks'

type DataRole = 'primary' | 'recovery'
/** Runbooks about the database that has the right to write. */
type Moving = Exclude<ExecutableRunbook, 'compliance-remediation'>

/** Runbooks whose successor is a copy that is yet to be made: nothing may stand for it before. */
const MAKES_COPY: readonly Moving[] = ['point-in-time-recovery', 'restore-test', 'isolate-and-recover']

/** Who hands over to whom, by the region that each stands in. */
const DIRECTION: Readonly<Record<Moving, { readonly writer: DataRole; readonly successor: DataRole }>> = {
  'zone-failover': { writer: 'primary', successor: 'primary' },
  'region-failover': { writer: 'primary', successor: 'recovery' },
  failback: { writer: 'recovery', successor: 'primary' },
  'point-in-time-recovery': { writer: 'primary', successor: 'primary' },
  'restore-test': { writer: 'primary', successor: 'primary' },
  'isolate-and-recover': { writer: 'primary', successor: 'primary' },
  rollback: { writer: 'primary', successor: 'primary' },
}

/**
 * What a shell has to hold before the first command of a procedure, as lines to be copied. Everything in it is chosen or
 * declared; what only AWS knows is asked by a command.
 */
export const valuesOf = (policy: TwoRegionPolicy, runbook: ExecutableRunbook): readonly string[] =>
  runbook === 'compliance-remediation' ? valuesOfRemediation(policy) : valuesOfMove(policy, runbook)

/** A finding names the region of its resource. */
const valuesOfRemediation = (policy: TwoRegionPolicy): readonly string[] => [
  `export RUNBOOK=compliance-remediation`,
  `export ENVIRONMENT=${policy.environment}`,
  `export RECOVERY_REGION=${policy.topology.regions.recovery}`,
  `export COORDINATION_TABLE=${coordinationTableName(policy)}`,
  `export REGION=${policy.topology.regions.primary}  # or the other one, as the finding says`,
  `export DATABASE_KEY=alias/${policy.application}-${policy.environment}/database`,
]

function valuesOfMove(policy: TwoRegionPolicy, runbook: Moving): readonly string[] {
  const { topology, dns, pace, failover, failback, database } = policy
  const { regions } = topology
  const { writer, successor } = DIRECTION[runbook]
  const makesCopy = MAKES_COPY.includes(runbook)
  const values: readonly (readonly [string, string | number])[] = [
    ['RUNBOOK', runbook],
    ['ENVIRONMENT', policy.environment],
    ['ACCOUNT', topology.accountId],
    ['WRITER_REGION', regions[writer]],
    ['WRITER', instanceOf(policy, writer)],
    ['SUCCESSOR_REGION', regions[successor]],
    ...(makesCopy
      ? []
      : [named('SUCCESSOR', runbook === 'failback' ? rebuiltOf(policy) : instanceOf(policy, successor))]),
    ['RECOVERY_REGION', regions.recovery],
    ['WITNESS_REGION', regions.witness],
    ['COORDINATION_TABLE', coordinationTableName(policy)],
    ['FENCE_FUNCTION', functionName(policy, 'fence')],
    ['RECOVERY_SWITCH_BUCKET', bucketName(policy, 'switch', regions.recovery)],
    ['WITNESS_SWITCH_BUCKET', bucketName(policy, 'switch', regions.witness)],
    ['ZONE_NAME', dns.zoneName],
    ['ZONE_ID', dns.hostedZoneId],
    ['SERVED_NAME', `${dns.databaseName}.${dns.zoneName}`],
    ['PRIMARY_HEALTH_URL', `https://${dns.apiTargets.primary}${dns.healthPath}`],
    ['SERVED_HEALTH_URL', `https://${dns.apiName}.${dns.zoneName}${dns.healthPath}`],
    ['DATABASE', database.name],
    ['LEASE_SECONDS', pace.lease.durationSeconds + pace.lease.marginSeconds],
    ['TTL_SECONDS', pace.dns.ttlSeconds],
    ['BACKUP_RETENTION_DAYS', failover.promotedBackupRetentionDays],
    ['CLOSE_BEHIND_SECONDS', failback.lagAtMostSeconds],
  ]
  return [
    ...values.map(([name, value]) => `export ${name}=${value}`),
    `export AWS_ROLES="${platformRoles}"`,
    ...(makesCopy ? [] : [`export SUCCESSOR_HOST="${hostOf('SUCCESSOR_REGION', 'SUCCESSOR')}"`]),
    // Not where its region may be dark: nothing asks for it there.
    ...(writer === successor ? [`export WRITER_HOST="${hostOf('WRITER_REGION', 'WRITER')}"`] : []),
    'curl -sSO https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem  # the authorities of RDS, or a copy of them',
    'sql() { PGPASSWORD="$(aws rds generate-db-auth-token --region "$SUCCESSOR_REGION" --hostname "$1" --port 5432 --username recovery_fence)" psql "host=$1 user=recovery_fence dbname=$DATABASE sslmode=verify-full sslrootcert=global-bundle.pem" -v ON_ERROR_STOP=1 -c "$2"; }',
  ]
}

const named = (name: string, value: string): readonly [string, string] => [name, value]

const hostOf = (region: string, instance: string): string =>
  `$(aws rds describe-db-instances --region "$${region}" --db-instance-identifier "$${instance}" --query 'DBInstances[0].Endpoint.Address' --output text)`

const instanceOf = (policy: TwoRegionPolicy, role: DataRole): string =>
  databaseName(policy, servingGeneration(policy.topology, role) ?? 0)

/** The newest generation of the primary region that follows the writer, or the next one where none has been declared yet. */
function rebuiltOf(policy: TwoRegionPolicy): string {
  const { instances } = policy.topology
  const writer = servingGeneration(policy.topology, 'recovery')
  const rebuilt = instances.filter(({ region, source }) => region === 'primary' && source === writer)
  const next = Math.max(...instances.map(({ generation }) => generation)) + 1
  return databaseName(policy, rebuilt.length > 0 ? Math.max(...rebuilt.map(({ generation }) => generation)) : next)
}
