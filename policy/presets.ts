import type { Policy, TwoRegionPolicy } from '../core/policy'

/**
 * The recovery regions of docs/adr/001 other than the default. What only the operator can know (a signed contract, a key,
 * who accepts the loss of the region) is an argument, so that no policy states it before it is true.
 */

type TwoRegions = TwoRegionPolicy['topology']
type OneRegion = Exclude<Policy['topology'], TwoRegions>

interface UsEast2Inputs {
  /** The standard contractual clauses as signed (Resolution CD/ANPD 19/2024). */
  readonly clauses: { readonly reference: string; readonly signedOn: string }
  /** Database key of us-east-2, read there after its keys stack was deployed. */
  readonly historyKmsKeyArn: string
}

/** us-east-2 recovers: RDS replicates history there, and every transfer of personal data rests on signed clauses. */
export function usEast2(base: TwoRegionPolicy, { clauses, historyKmsKeyArn }: UsEast2Inputs): Policy {
  const [left, recovery] = [base.topology.regions.recovery, 'us-east-2']
  const moved = (region: string): string => (region === left ? recovery : region)
  const mechanism = { kind: 'standard-clauses' as const, ...clauses }
  return {
    ...base,
    topology: {
      ...base.topology,
      preset: 'us-east-2',
      regions: { ...base.topology.regions, recovery },
      availabilityZones: { ...base.topology.availabilityZones, recovery: ['us-east-2a', 'us-east-2b', 'us-east-2c'] },
    },
    mechanisms: {
      ...base.mechanisms,
      crossRegionPointInTime: {
        mode: 'replicated',
        retentionDays: base.backup.pointInTimeRetentionDays,
        kmsKeyArn: historyKmsKeyArn,
      },
    },
    // History survives the loss of the region here.
    residualRisks: base.residualRisks.filter(({ objective }) => objective !== 'history'),
    transfers: [
      ...base.transfers.map((transfer) => ({
        ...transfer,
        ...(transfer.personalData && transfer.mechanism.kind !== 'comes-home' && { mechanism }),
        from: moved(transfer.from),
        to: moved(transfer.to),
      })),
      {
        flow: 'point-in-time-logs',
        from: base.topology.regions.primary,
        to: recovery,
        personalData: true,
        mechanism,
      },
    ],
  }
}

/** The role is made by the preparation of a failover, which one region has none of. */
const NO_DUMP_ROLE =
  'nothing makes the role that reads the database for a dump where there is one region; the monthly export goes on'

/** Nothing leaves Brazil, and the loss of its one region is not recoverable: the exception says why and who accepts it. */
export function brazilOnly(base: TwoRegionPolicy, regionLossException: OneRegion['regionLossException']): Policy {
  const { accountId, bootstrapQualifier, regions, availabilityZones, network, instances } = base.topology
  const { reason } = regionLossException
  return {
    ...base,
    topology: {
      preset: 'brazil-only',
      regionLossException,
      accountId,
      bootstrapQualifier,
      regions: { primary: regions.primary },
      availabilityZones: { primary: availabilityZones.primary },
      network: { primary: network.primary },
      instances: instances.filter(({ region }) => region === 'primary'),
      active: 'primary',
    },
    mechanisms: {
      ...base.mechanisms,
      replica: { mode: 'none', reason },
      crossRegionPointInTime: { mode: 'none', reason },
    },
    backup: { ...base.backup, geoRedundancy: { mode: 'single-region', reason } },
    archive: { ...base.archive, dump: { mode: 'none', reason: NO_DUMP_ROLE } },
    residualRisks: base.residualRisks.filter(({ scenario }) => scenario !== 'region-loss'),
    transfers: [],
  }
}
