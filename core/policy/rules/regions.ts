import { cidrsOverlap } from '../cidr'
import { hasRecoveryRegion } from '../two-regions'
import { rule, when, type Rules } from './rule'

const regionsAreDistinct = rule(
  'primary, recovery and witness fail independently',
  ['topology.regions.primary', 'topology.regions.recovery', 'topology.regions.witness'],
  (policy) => {
    if (!hasRecoveryRegion(policy)) return []
    const { primary, recovery, witness } = policy.topology.regions
    return [
      ...when(
        recovery === primary,
        'topology.regions.recovery',
        `is '${recovery}', the primary region itself`,
        "choose another region, or the preset 'brazil-only' with its exception",
      ),
      ...when(
        witness === primary || witness === recovery,
        'topology.regions.witness',
        `is '${witness}', one of the regions it has to judge`,
        'choose a third region',
      ),
    ]
  },
)

const presetNamesItsRegion = rule(
  'the recovery region is the one whose consequences were decided',
  ['topology.preset', 'topology.regions.recovery'],
  (policy) => {
    if (!hasRecoveryRegion(policy)) return []
    const { preset, regions } = policy.topology
    return when(
      regions.recovery !== preset,
      'topology.regions.recovery',
      `is '${regions.recovery}' but the preset is '${preset}'`,
      `use '${preset}' or change the preset`,
    )
  },
)

const oneRegionMeansBrazil = rule(
  'the preset that promises that nothing leaves Brazil keeps it',
  ['topology.preset', 'topology.regions.primary'],
  ({ topology: { preset, regions } }) =>
    when(
      preset === 'brazil-only' && regions.primary !== BRAZIL,
      'topology.regions.primary',
      `is '${regions.primary}', which is not in Brazil`,
      `use '${BRAZIL}' or another preset`,
    ),
)

const crossRegionMechanismsHaveARegion = rule(
  'no protection is declared that has nowhere to go',
  ['topology.preset', 'mechanisms.replica.mode', 'mechanisms.crossRegionPointInTime.mode', 'backup.geoRedundancy.mode'],
  (policy) => {
    if (hasRecoveryRegion(policy)) return []
    const { mechanisms, backup } = policy
    const declared = [
      ['mechanisms.replica.mode', mechanisms.replica.mode === 'cross-region'],
      ['mechanisms.crossRegionPointInTime.mode', mechanisms.crossRegionPointInTime.mode === 'replicated'],
      ['backup.geoRedundancy.mode', backup.geoRedundancy.mode === 'multi-region'],
    ] as const
    return declared.flatMap(([path, crosses]) =>
      when(crosses, path, 'needs a recovery region, and the topology has none', 'opt out with a reason'),
    )
  },
)

const zonesBelongToTheirRegion = rule(
  'zones exist where they are used',
  ['topology.availabilityZones', 'topology.regions'],
  ({ topology }) => {
    const regions: Readonly<Record<string, string>> = topology.regions
    return Object.entries(topology.availabilityZones).flatMap(([role, zones]) =>
      zones.flatMap((zone, i) =>
        when(
          !zone.startsWith(regions[role] ?? ''),
          `topology.availabilityZones.${role}.${i}`,
          `'${zone}' is not in ${regions[role]}`,
          `use a zone such as ${regions[role]}a`,
        ),
      ),
    )
  },
)

const multiAzNeedsTwoZones = rule(
  'a standby stands in a second zone',
  ['database.multiAz', 'topology.availabilityZones'],
  ({ database, topology }) =>
    Object.entries(topology.availabilityZones).flatMap(([role, zones]) =>
      when(
        database.multiAz && new Set(zones).size < 2,
        `topology.availabilityZones.${role}`,
        `names ${new Set(zones).size} zone`,
        'name at least two',
      ),
    ),
)

const networksDoNotOverlap = rule(
  'the two networks could be joined one day',
  ['topology.network.primary', 'topology.network.recovery'],
  (policy) => {
    if (!hasRecoveryRegion(policy)) return []
    const { primary, recovery } = policy.topology.network
    return when(
      cidrsOverlap(primary.cidr, recovery.cidr),
      'topology.network.recovery.cidr',
      `is ${recovery.cidr}, which shares addresses with ${primary.cidr} of the primary network`,
      'choose another range',
    )
  },
)

/** AWS has one region in Brazil. */
const BRAZIL = 'sa-east-1'

export const regionRules: Rules = {
  regionsAreDistinct,
  presetNamesItsRegion,
  oneRegionMeansBrazil,
  crossRegionMechanismsHaveARegion,
  zonesBelongToTheirRegion,
  multiAzNeedsTwoZones,
  networksDoNotOverlap,
}
