import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FailoverRecord, type FailoverRecordProps, type RecordTarget } from '../constructs/failover-record'
import {
  SuccessionChecks,
  TrafficChecks,
  type SwitchObject,
  type TrafficChecksProps,
} from '../constructs/traffic-checks'

/** A served name and where it leads in this region. */
export interface ServedName {
  readonly name: string
  readonly target: string
}

/** The database of a region by a name of its own: the one that stands there, and the one that would be restored beside it. */
export interface RegionalName {
  readonly name: string
  readonly next: string
  readonly switches: readonly SwitchObject[]
}

export interface DnsStackProps extends StackProps {
  /** Zones that answer for the names; the first is the public one. */
  readonly zones: readonly { readonly id: string; readonly kind: 'public' | 'private' }[]
  readonly database: ServedName
  /** @default none: without a switch, nothing moves inside the region */
  readonly regional?: RegionalName
  readonly api: ServedName
  readonly ttlSeconds: number
  readonly side:
    { readonly kind: 'primary'; readonly checks: TrafficChecksProps } | { readonly kind: 'secondary' | 'only' }
}

/** One region's side of the served names of database and API, outside and inside of the networks. */
export class DnsStack extends Stack {
  constructor(scope: Construct, id: string, props: DnsStackProps) {
    super(scope, id, props)
    const { side, ttlSeconds, regional, database, api } = props
    const checks = side.kind === 'primary' ? new TrafficChecks(this, 'Checks', side.checks) : undefined
    const succession = regional && new SuccessionChecks(this, 'Succession', regional)
    const sideOf = (healthCheckId: string | undefined): FailoverRecordProps['side'] =>
      healthCheckId === undefined
        ? { kind: side.kind === 'only' ? 'only' : 'secondary' }
        : { kind: 'primary', healthCheckId }
    const host = (target: string): RecordTarget => ({ kind: 'host', host: target, ttlSeconds })
    for (const { id: hostedZoneId, kind } of props.zones) {
      const record = (what: string, name: string, target: RecordTarget, of: FailoverRecordProps['side']) =>
        new FailoverRecord(this, kind === 'public' ? what : `Private${what}`, { hostedZoneId, name, target, side: of })
      const behindDatabase: RecordTarget = regional ? { kind: 'name', name: regional.name } : host(database.target)
      const served = record('Database', database.name, behindDatabase, sideOf(checks?.databaseInService))
      record('Api', api.name, host(api.target), sideOf(checks?.apiInService))
      if (!regional || !succession) continue
      const healthCheckId = succession.standingInService
      const standing = record('Standing', regional.name, host(database.target), { kind: 'primary', healthCheckId })
      const next = record('Next', regional.name, host(regional.next), { kind: 'secondary' })
      // Route 53 takes no alias of a name that it does not have.
      served.node.addDependency(standing, next)
    }
  }
}
