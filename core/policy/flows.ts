import type { FLOWS } from './schema/protection'
import type { Policy } from './schema'
import { hasRecoveryRegion, type TwoRegionPolicy } from './two-regions'

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
  instances.flatMap(({ region, source }) => {
    const followed = instances.find(({ generation }) => generation === source)
    if (!followed || followed.region === region) return []
    return [{ flow: 'database-replica', from: regions[followed.region], to: regions[region] }]
  })

const pointInTimeLogs: FlowsOf = ({ mechanisms, topology: { regions } }) =>
  mechanisms.crossRegionPointInTime.mode === 'replicated'
    ? [{ flow: 'point-in-time-logs', from: regions.primary, to: regions.recovery }]
    : []

const backupCopies: FlowsOf = ({ backup: { geoRedundancy, secondAccount }, topology: { regions } }) =>
  geoRedundancy.mode === 'multi-region' ||
  (secondAccount.mode === 'copies' && secondAccount.region === regions.recovery)
    ? [{ flow: 'backup-copies', from: regions.primary, to: regions.recovery }]
    : []

/** Copies of evidence go one way, primary to recovery to witness. */
const evidence: FlowsOf = ({ topology: { regions } }) => [
  { flow: 'evidence', from: regions.primary, to: regions.recovery },
  { flow: 'evidence', from: regions.recovery, to: regions.witness },
]

/** The erasure ledger is acknowledged once recovery and witness hold it; the epoch is raised in both by the recovery region. */
const coordination: FlowsOf = ({ topology: { regions } }) => [
  { flow: 'coordination', from: regions.primary, to: regions.recovery },
  { flow: 'coordination', from: regions.primary, to: regions.witness },
  { flow: 'coordination', from: regions.recovery, to: regions.witness },
]

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
    ? [regions.primary, regions.witness].map((from) => ({ flow: 'audit-trail', from, to: regions.recovery }))
    : []

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
]
