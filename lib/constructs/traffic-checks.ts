import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'
import type { Policy } from '../../core/policy'

/** Something health checkers ask for over HTTPS. */
export interface CheckedObject {
  readonly host: string
  /** With its leading slash. */
  readonly path: string
  readonly requestIntervalSeconds: 10 | 30
  readonly consecutiveFailures: number
}

/** One place's switch object. */
export interface SwitchObject extends CheckedObject {
  readonly place: string
}

/** What shows that the primary side of the API is well, besides the switch. */
export type ApiCheck =
  | { readonly mode: 'endpoint'; readonly object: CheckedObject }
  | Extract<Policy['dns']['apiCheck'], { readonly mode: 'alarm' | 'none' }>

export interface TrafficChecksProps {
  readonly switches: readonly SwitchObject[]
  readonly api: ApiCheck
}

/**
 * What keeps the primary sides of the served names in service. What decides lies in objects of two other regions, so failing
 * over is two writes to S3 and no call of a control plane. All checks of a name are children of one calculated check.
 */
export class TrafficChecks extends Construct {
  readonly databaseInService: string
  readonly apiInService: string

  constructor(scope: Construct, id: string, props: TrafficChecksProps) {
    super(scope, id)
    // An unreadable object counts as absent, so losing one place changes nothing in either state: before the switch both
    // checks stay healthy, after it the other place still says "switched".
    const notSwitched = inverted(this, props.switches)
    const api = this.apiCheck(props.api)
    this.databaseInService = allOf(this, 'DatabaseInService', notSwitched)
    this.apiInService = allOf(this, 'ApiInService', [...notSwitched, ...(api ? [api] : [])])
  }

  private apiCheck(api: ApiCheck): CfnHealthCheck | undefined {
    switch (api.mode) {
      case 'endpoint':
        return new CfnHealthCheck(this, 'ApiAnswers', { healthCheckConfig: https(api.object) })
      case 'alarm':
        return new CfnHealthCheck(this, 'ApiAnswers', {
          healthCheckConfig: {
            type: 'CLOUDWATCH_METRIC',
            alarmIdentifier: { name: api.alarmName, region: api.region },
            // Said in so many words: the default would move traffic whenever data is missing.
            insufficientDataHealthStatus: api.whenUnknown,
          },
        })
      case 'none':
        return undefined
    }
  }
}

/** What keeps the database that stands in a region in service there, until both places say that the next one has taken over. */
export class SuccessionChecks extends Construct {
  readonly standingInService: string

  constructor(scope: Construct, id: string, { switches }: Pick<TrafficChecksProps, 'switches'>) {
    super(scope, id)
    this.standingInService = allOf(this, 'StandingInService', inverted(this, switches))
  }
}

/** An object that is absent, or cannot be read, changes nothing. */
const inverted = (scope: Construct, switches: readonly SwitchObject[]): CfnHealthCheck[] =>
  switches.map(
    ({ place, ...object }) =>
      new CfnHealthCheck(scope, `NotSwitched-${place}`, { healthCheckConfig: { ...https(object), inverted: true } }),
  )

const allOf = (scope: Construct, id: string, children: readonly CfnHealthCheck[]): string =>
  new CfnHealthCheck(scope, id, {
    healthCheckConfig: {
      type: 'CALCULATED',
      childHealthChecks: children.map((check) => check.attrHealthCheckId),
      healthThreshold: children.length,
    },
  }).attrHealthCheckId

const https = ({ host, path, requestIntervalSeconds, consecutiveFailures }: CheckedObject) => ({
  type: 'HTTPS',
  fullyQualifiedDomainName: host,
  resourcePath: path,
  port: 443,
  enableSni: true,
  requestInterval: requestIntervalSeconds,
  failureThreshold: consecutiveFailures,
})
