import { when, type Rule } from './rule'

const PRESET_REGION = { 'eu-west-1': 'eu-west-1', 'us-east-2': 'us-east-2', 'brazil-only': 'sa-east-1' } as const

export const topologyRules: readonly Rule[] = [
  {
    id: 'regionsAreDistinct',
    promise: 'primary, recovery and witness fail independently',
    reads: ['topology.regions.primary', 'topology.regions.recovery', 'topology.regions.witness'],
    check: ({ topology: { regions } }) => [
      ...when(
        regions.recovery === regions.primary,
        'topology.regions.recovery',
        `is '${regions.recovery}', the primary region itself`,
        'choose another region',
      ),
      ...when(
        regions.witness === regions.primary || regions.witness === regions.recovery,
        'topology.regions.witness',
        `is '${regions.witness}', one of the regions it has to judge`,
        'choose a third region',
      ),
    ],
  },
  {
    id: 'presetNamesItsRegion',
    promise: 'the recovery region is the one whose consequences were decided',
    reads: ['topology.preset', 'topology.regions.recovery'],
    check: ({ topology: { preset, regions } }) =>
      when(
        preset !== 'brazil-only' && PRESET_REGION[preset] !== regions.recovery,
        'topology.regions.recovery',
        `is '${regions.recovery}' but the preset is '${preset}'`,
        `use '${PRESET_REGION[preset]}' or change the preset`,
      ),
  },
  {
    id: 'onePrimaryInstance',
    promise: 'there is exactly one writer',
    reads: ['topology.instances'],
    check: ({ topology: { instances } }) => {
      const primaries = instances.filter((i) => i.role === 'primary').length
      return when(primaries !== 1, 'topology.instances', `has ${primaries} primaries`, 'declare exactly one')
    },
  },
  {
    // An instance's role is what it was created as; after a failover the active one is a promoted replica.
    id: 'activeRegionHasAnInstance',
    promise: 'traffic never goes to a region without a database',
    reads: ['topology.active', 'topology.instances'],
    check: ({ topology: { active, instances } }) =>
      when(
        !instances.some(({ region }) => region === active),
        'topology.active',
        `is '${active}', where no instance stands`,
        'add an instance there or choose the other region',
      ),
  },
  {
    id: 'replicaFollowsAnInstance',
    promise: 'every replica has a source in the other region',
    reads: ['topology.instances'],
    check: ({ topology: { instances } }) =>
      instances.flatMap((instance, i) => {
        if (instance.role !== 'replica')
          return when(
            instance.source !== undefined,
            `topology.instances.${i}.source`,
            `is ${instance.source} on a primary`,
            'remove it',
          )
        const source = instances.find((other) => other.generation === instance.source)
        return [
          ...when(
            !source,
            `topology.instances.${i}.source`,
            `is ${instance.source ?? 'missing'}, no generation of the topology`,
            'name the generation it follows',
          ),
          ...when(
            source !== undefined && source.region === instance.region,
            `topology.instances.${i}.region`,
            `is '${instance.region}', the region of its own source`,
            'place the replica in the other region',
          ),
        ]
      }),
  },
  {
    id: 'generationsAreUnique',
    promise: 'a rebuilt instance never takes the name of an old one',
    reads: ['topology.instances'],
    check: ({ topology: { instances } }) =>
      instances.flatMap((instance, i) =>
        when(
          instances.findIndex((other) => other.generation === instance.generation) !== i,
          `topology.instances.${i}.generation`,
          `${instance.generation} is used twice`,
          'take the next free generation',
        ),
      ),
  },
  {
    id: 'zonesBelongToTheirRegion',
    promise: 'zones exist where they are used',
    reads: ['topology.availabilityZones', 'topology.regions'],
    check: ({ topology }) =>
      (['primary', 'recovery'] as const).flatMap((role) =>
        topology.availabilityZones[role].flatMap((zone, i) =>
          when(
            !zone.startsWith(topology.regions[role]),
            `topology.availabilityZones.${role}.${i}`,
            `'${zone}' is not in ${topology.regions[role]}`,
            `use a zone such as ${topology.regions[role]}a`,
          ),
        ),
      ),
  },
  {
    id: 'multiAzNeedsTwoZones',
    promise: 'a standby stands in a second zone',
    reads: ['database.multiAz', 'topology.availabilityZones.primary'],
    check: ({ database, topology }) =>
      when(
        database.multiAz && new Set(topology.availabilityZones.primary).size < 2,
        'topology.availabilityZones.primary',
        `names ${topology.availabilityZones.primary.length} zone`,
        'name at least two',
      ),
  },
  {
    id: 'networksDoNotOverlap',
    promise: 'the two networks could be joined one day',
    reads: ['topology.network.primary', 'topology.network.recovery'],
    check: ({ topology: { network } }) =>
      when(
        network.primary.mode === 'create' &&
          network.recovery.mode === 'create' &&
          network.primary.cidr === network.recovery.cidr,
        'topology.network.recovery.cidr',
        'is the range of the primary network',
        'choose another range',
      ),
  },
  {
    id: 'engineVersionMatchesMajor',
    promise: 'the rehearsal runs the major version that production runs',
    reads: ['database.engineMajor', 'database.engineVersion'],
    check: ({ database }) =>
      when(
        !database.engineVersion.startsWith(`${database.engineMajor}.`),
        'database.engineVersion',
        `is '${database.engineVersion}', not of major ${database.engineMajor}`,
        `use a ${database.engineMajor}.x version`,
      ),
  },
  {
    id: 'storageHoldsTheData',
    promise: 'the data fits with room to grow',
    reads: ['database.storageGigabytes', 'database.sizeGigabytes'],
    check: ({ database }) =>
      when(
        database.storageGigabytes < database.sizeGigabytes * 1.25,
        'database.storageGigabytes',
        `is ${database.storageGigabytes} for ${database.sizeGigabytes} GB of data`,
        `allocate at least ${Math.ceil(database.sizeGigabytes * 1.25)}`,
      ),
  },
  {
    id: 'everyFlowHasATransfer',
    promise: 'no personal data leaves the country without a mechanism (LGPD art. 33)',
    reads: ['transfers', 'topology.regions', 'mechanisms.replica', 'backup.geoRedundancy'],
    check: ({ transfers, topology: { regions, preset }, mechanisms }) => {
      if (preset === 'brazil-only') return []
      const needed = [
        ...(mechanisms.replica.mode === 'cross-region' ? ['database-replica' as const] : []),
        'backup-copies' as const,
        'assets' as const,
        'code' as const,
      ]
      return needed.flatMap((flow) =>
        when(
          !transfers.some((t) => t.flow === flow && t.from === regions.primary && t.to === regions.recovery),
          'transfers',
          `has no entry for ${flow} from ${regions.primary} to ${regions.recovery}`,
          'add the transfer with its mechanism',
        ),
      )
    },
  },
  {
    id: 'personalDataNeedsALegalMechanism',
    promise: 'a transfer of personal data rests on adequacy or clauses',
    reads: ['transfers'],
    check: ({ transfers }) =>
      transfers.flatMap((t, i) =>
        when(
          t.personalData && t.mechanism.kind === 'no-personal-data',
          `transfers.${i}.mechanism`,
          'says there is no personal data while personalData is true',
          'name the adequacy decision or the signed clauses',
        ),
      ),
  },
  {
    id: 'adequacyCoversTheDestination',
    promise: 'the adequacy decision covers the country it is used for',
    reads: ['transfers'],
    check: ({ transfers }) =>
      transfers.flatMap((t, i) =>
        when(
          t.mechanism.kind === 'adequacy' && !t.to.startsWith('eu-'),
          `transfers.${i}.mechanism`,
          `uses an adequacy decision for '${t.to}', which only covers the European Union`,
          'use standard-clauses with a signed reference',
        ),
      ),
  },
]
