import type { FLOWS } from './schema/protection'
import type { Policy } from './schema'
import { hasRecoveryRegion, type TwoRegionPolicy } from './two-regions'

/** Region of Route 53's metrics (Route 53 developer guide, "Monitoring health checks using CloudWatch") and of the calls of IAM. */
export const GLOBAL_SERVICES_REGION = 'us-east-1'

/** Data that one of the declared mechanisms sends from one region to another. */
export interface Flow {
  readonly flow: (typeof FLOWS)[number]
  readonly from: string
  readonly to: string
}

/** Every flow between regions that the declared mechanisms make; none where the topology has one region. */
export const crossRegionFlows = (policy: Policy): readonly Flow[] =>
  hasRecoveryRegion(policy) ? MECHANISMS.flatMap((flowsOf) => flowsOf(policy)) : []

type FlowsOf = (policy: TwoRegionPolicy) => readonly Flow[]

const replicas: FlowsOf = ({ topology: { instances, regions } }) =>
  instances.flatMap(({ region, role, source }) => {
    const followed = instances.find(({ generation }) => generation === source)
    if (role !== 'replica' || !followed || followed.region === region) return []
    return [{ flow: 'database-replica', from: regions[followed.region], to: regions[region] }]
  })

const pointInTimeLogs: FlowsOf = ({ mechanisms, topology: { regions } }) =>
  mechanisms.crossRegionPointInTime.mode === 'replicated'
    ? [{ flow: 'point-in-time-logs', from: regions.primary, to: regions.recovery }]
    : []

/** After a failover the plan of the recovery region copies the other way. */
const backupCopies: FlowsOf = ({ backup: { geoRedundancy, secondAccount }, topology: { regions } }) => {
  const out = { flow: 'backup-copies' as const, from: regions.primary, to: regions.recovery }
  if (geoRedundancy.mode === 'multi-region')
    return [out, { flow: 'backup-copies', from: regions.recovery, to: regions.primary }]
  return secondAccount.mode === 'copies' && secondAccount.region === regions.recovery ? [out] : []
}

/** Copies of evidence go one way, primary to recovery to witness. */
const evidence: FlowsOf = ({ topology: { regions } }) => [
  { flow: 'evidence', from: regions.primary, to: regions.recovery },
  { flow: 'evidence', from: regions.recovery, to: regions.witness },
]

/**
 * The erasure ledger is acknowledged once recovery and witness hold it; the epoch is raised in both by the recovery region,
 * which also calls the fence in the primary one. Every region reads what the others wrote.
 */
const coordination: FlowsOf = ({ topology: { regions } }) =>
  Object.entries(regions).flatMap(([sender, from]) =>
    Object.entries(regions)
      .filter(([receiver]) => receiver !== sender)
      .map(([, to]) => ({ flow: 'coordination' as const, from, to })),
  )

const assets: FlowsOf = ({ stores, assets: { replication }, topology: { regions } }) => {
  if (!stores.some(({ kind, tier }) => kind === 'bucket' && tier === 'static-assets')) return []
  return [
    { flow: 'assets', from: regions.primary, to: regions.recovery },
    ...(replication === 'both-ways' ? [{ flow: 'assets' as const, from: regions.recovery, to: regions.primary }] : []),
  ]
}

/** What partners send is copied to the region that takes over. */
const partnerFiles: FlowsOf = ({ fileTransfer, topology: { regions } }) =>
  fileTransfer.mode === 'sftp' ? [{ flow: 'partner-files', from: regions.primary, to: regions.recovery }] : []

/** CI pushes to both regions; what is pushed abroad was written at home. */
const code: FlowsOf = ({ topology: { regions } }) => [{ flow: 'code', from: regions.primary, to: regions.recovery }]

const archives: FlowsOf = ({ archive: { classes, replication }, topology: { regions } }) => {
  if (!Object.values(classes).some(({ mode }) => mode === 'archive')) return []
  return [
    { flow: 'archive', from: regions.primary, to: regions.recovery },
    ...(replication === 'both-ways' ? [{ flow: 'archive' as const, from: regions.recovery, to: regions.primary }] : []),
  ]
}

/** Each region brings the changes of its own settings to both. */
const configuration: FlowsOf = ({ stores, topology: { regions } }) => {
  if (!stores.some(({ kind }) => kind === 'parameters')) return []
  return [
    { flow: 'configuration', from: regions.primary, to: regions.recovery },
    { flow: 'configuration', from: regions.recovery, to: regions.primary },
  ]
}

/** A trail of ours gathers the calls of every region where recovery is run from. */
const auditTrail: FlowsOf = ({ governance: { trail }, topology: { regions } }) =>
  trail.mode === 'create'
    ? [regions.primary, ...watchedFrom(regions)].map((from) => ({ flow: 'audit-trail', from, to: regions.recovery }))
    : []

/** Alarms, sensitive calls and findings of regions without incidents of their own. */
const eventNotifications: FlowsOf = ({ topology: { regions } }) =>
  watchedFrom(regions).map((from) => ({ flow: 'event-notifications', from, to: regions.recovery }))

/** Where nothing handles events, so that the recovery region does. */
const watchedFrom = ({ primary, recovery, witness }: TwoRegionPolicy['topology']['regions']): string[] =>
  [primary, recovery, witness].includes(GLOBAL_SERVICES_REGION) ? [witness] : [witness, GLOBAL_SERVICES_REGION]

const MECHANISMS: readonly FlowsOf[] = [
  replicas,
  pointInTimeLogs,
  backupCopies,
  evidence,
  coordination,
  archives,
  assets,
  partnerFiles,
  code,
  configuration,
  auditTrail,
  eventNotifications,
]
