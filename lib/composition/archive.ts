import { archivedClasses } from '../../core/archive/classes'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { mostDaysIn } from '../../core/policy/retention'
import type { DataClass } from '../../core/ports/archive-disposal'
import { contract as archiveDump } from '../../task/archive-dump/contract'
import { contract as archiveReadBack } from '../../task/archive-read-back/contract'
import { statementOf } from '../constructs/recovery-function'
import type { ScheduledTaskProps } from '../constructs/scheduled-task'
import { environmentOf } from '../function-bindings'
import { FUNCTIONS } from '../functions'
import { archiveBucket, otherRole, type DataRegionRole } from '../names'
import { ArchiveDumpStack } from '../stacks/archive-dump-stack'
import { ArchiveDisposalStack } from '../stacks/archive-disposal-stack'
import { ArchiveExportStack } from '../stacks/archive-export-stack'
import { ArchiveStack, type ArchivedClass } from '../stacks/archive-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'
import type { BesideDatabase } from './runbooks'

/** The long-term archive of a data region, and the one way to destroy something in it. */
export function archive(region: Region<DataRegionRole>, { keys, accessLogs }: Foundation): void {
  const { names, role, policy } = region
  new ArchiveStack(region.stage, `archive-${role}`, {
    ...region.stack('archive'),
    key: keys.key('archive'),
    accessLogs,
    deployer: names.deploymentRoleArn(role),
    classes: archivedClasses(policy).map((name) => bucketOf(region, name)),
    ...(hasRecoveryRegion(policy) && { disposer: names.disposerRoleArn(role) }),
  })
  new ArchiveExportStack(region.stage, `archive-export-${role}`, {
    ...region.stack('archive-export'),
    contracts: FUNCTIONS['archive-export'],
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    staging: {
      bucketName: names.bucket('archive-staging', role),
      key: keys.key('archive'),
      accessLogs,
      days: policy.archive.export.stagedDays,
    },
    exportRoleName: names.role('snapshot-export', role),
    everyMinutes: policy.archive.export.everyMinutes,
  })
  // Orders and approvals stand in the coordination tables; where there are none, nobody disposes.
  if (hasRecoveryRegion(policy))
    new ArchiveDisposalStack(region.stage, `archive-disposal-${role}`, {
      ...region.stack('archive-disposal'),
      contracts: FUNCTIONS['archive-disposal'],
      around: region.surroundings(keys),
      code: region.code,
      key: keys.key('operations'),
      logRetention: region.logRetention,
    })
}

/** What dumps the database of a region into its archive, where the policy takes dumps, and what reads the archive back. */
export function archiveTasks(
  region: Region<DataRegionRole>,
  foundation: Foundation,
  beside: Pick<BesideDatabase, 'network' | 'around'>,
): void {
  const { dump, readBack } = region.policy.archive
  new ArchiveDumpStack(region.stage, `archive-dump-${region.role}`, {
    ...region.stack('archive-dump'),
    ...(dump.mode === 'scheduled' && { dump: taskOf(region, foundation, beside, archiveDump, dump) }),
    readBack: { ...taskOf(region, foundation, beside, archiveReadBack, readBack), scratch: SCRATCH },
  })
}

/** The volume of task/archive-read-back/Dockerfile; a test holds them equal. */
const SCRATCH = '/scratch'

function taskOf(
  { names, role, policy, logRetention }: Region<DataRegionRole>,
  { keys }: Foundation,
  { network, around }: Pick<BesideDatabase, 'network' | 'around'>,
  { name, environment, permissions }: typeof archiveDump,
  { image, cpuUnits, memoryMegabytes, cron, timeoutMinutes }: Policy['archive']['readBack'],
): ScheduledTaskProps {
  return {
    name: names.function(name),
    roleNames: {
      task: names.role(name, role),
      execution: names.role(`${name}-execution`, role),
      machine: names.role(`${name}-machine`, role),
      schedule: names.role(`${name}-schedule`, role),
    },
    image,
    cpuUnits,
    memoryMegabytes,
    environment: environmentOf(environment, around),
    statements: permissions.flatMap((permission) => statementOf(permission, around)),
    network,
    cron,
    timeZone: policy.backup.schedule.timeZone,
    timeoutMinutes,
    key: keys.key('operations'),
    logRetention,
  }
}

function bucketOf({ names, role, policy }: Region<DataRegionRole>, name: DataClass): ArchivedClass {
  const archived = policy.archive.classes[name]
  if (archived.mode === 'none') throw new Error(`nothing of class '${name}' is archived: ${archived.reason}`)
  return {
    name,
    bucketName: names.bucket(archiveBucket(name), role),
    lock: archived.lock,
    days: mostDaysIn(policy.dataClasses[name].retentionYears),
    tiers: archived.tiers,
    expiry: archived.disposal === 'by-record' ? 'never' : 'after-lock',
    ...(sendsArchive(policy, role) && {
      replica: {
        roleName: names.role(`archive-${name}-replication`, role),
        destination: names.replicaBucket(archiveBucket(name), otherRole(role), 'archive'),
      },
    }),
  }
}

/** Whether a region's archive is copied to the other region. */
export const sendsArchive = (policy: Policy, role: DataRegionRole): boolean =>
  hasRecoveryRegion(policy) && (role === 'primary' || policy.archive.replication === 'both-ways')
