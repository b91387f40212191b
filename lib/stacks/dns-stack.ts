import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FailoverRecord, type FailoverRecordProps } from '../constructs/failover-record'
import { TrafficChecks, type TrafficChecksProps } from '../constructs/traffic-checks'

/** A served name and where it leads in this region. */
export interface ServedName {
  readonly name: string
  readonly target: string
}

export interface DnsStackProps extends StackProps {
  /** Zones that answer for the names; the first is the public one. */
  readonly zones: readonly { readonly id: string; readonly kind: 'public' | 'private' }[]
  readonly database: ServedName
  readonly api: ServedName
  readonly ttlSeconds: number
  readonly side:
    { readonly kind: 'primary'; readonly checks: TrafficChecksProps } | { readonly kind: 'secondary' | 'only' }
}

/** One region's side of the served names of database and API, outside and inside of the networks. */
export class DnsStack extends Stack {
  constructor(scope: Construct, id: string, props: DnsStackProps) {
    super(scope, id, props)
    const { side, ttlSeconds } = props
    const checks = side.kind === 'primary' ? new TrafficChecks(this, 'Checks', side.checks) : undefined
    const sideOf = (healthCheckId: string | undefined): FailoverRecordProps['side'] =>
      healthCheckId === undefined
        ? { kind: side.kind === 'only' ? 'only' : 'secondary' }
        : { kind: 'primary', healthCheckId }
    for (const { id: hostedZoneId, kind } of props.zones) {
      const record = (what: string, served: ServedName, healthCheckId: string | undefined) =>
        new FailoverRecord(this, kind === 'public' ? what : `Private${what}`, {
          hostedZoneId,
          ttlSeconds,
          ...served,
          side: sideOf(healthCheckId),
        })
      record('Database', props.database, checks?.databaseInService)
      record('Api', props.api, checks?.apiInService)
    }
  }
}
