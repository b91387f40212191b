import { CfnHealthCheck, CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'

export interface FailoverRecordProps {
  readonly hostedZoneId: string
  readonly name: string
  readonly target: string
  readonly ttlSeconds: number
  /**
   * The side that serves first carries the switch; the other carries no check, for a name without any healthy record
   * would be answered with the primary. The only side of a name needs no routing.
   */
  readonly side:
    | { readonly kind: 'primary'; readonly switches: readonly SwitchObject[] }
    | { readonly kind: 'secondary' }
    | { readonly kind: 'only' }
}

/** One place's switch object, as a health checker asks for it. */
export interface SwitchObject {
  readonly place: string
  readonly host: string
  readonly key: string
  readonly requestIntervalSeconds: 10 | 30
  readonly consecutiveFailures: number
}

/**
 * One side of a served name. Its endpoint and its checks are made in its own region's stack; what decides lies in objects
 * of two other regions, so failing over is two writes to S3 and no call of a control plane.
 */
export class FailoverRecord extends Construct {
  constructor(scope: Construct, id: string, props: FailoverRecordProps) {
    super(scope, id)
    const { side } = props
    new CfnRecordSet(this, 'Resource', {
      hostedZoneId: props.hostedZoneId,
      name: `${props.name}.`,
      type: 'CNAME',
      ttl: String(props.ttlSeconds),
      resourceRecords: [props.target],
      ...(side.kind !== 'only' && {
        setIdentifier: side.kind,
        failover: side.kind === 'primary' ? 'PRIMARY' : 'SECONDARY',
      }),
      ...(side.kind === 'primary' && { healthCheckId: this.switchCheck(side.switches).attrHealthCheckId }),
    })
  }

  /**
   * Healthy while both places say "not switched". An unreadable object counts as absent, so losing one place changes
   * nothing in either state: before the switch both stay healthy, after it the other place still says "switched".
   */
  private switchCheck(switches: readonly SwitchObject[]): CfnHealthCheck {
    const notSwitched = switches.map(
      (object) =>
        new CfnHealthCheck(this, `NotSwitched-${object.place}`, {
          healthCheckConfig: {
            type: 'HTTPS',
            fullyQualifiedDomainName: object.host,
            resourcePath: `/${object.key}`,
            port: 443,
            enableSni: true,
            inverted: true,
            requestInterval: object.requestIntervalSeconds,
            failureThreshold: object.consecutiveFailures,
          },
        }),
    )
    return new CfnHealthCheck(this, 'InService', {
      healthCheckConfig: {
        type: 'CALCULATED',
        childHealthChecks: notSwitched.map((check) => check.attrHealthCheckId),
        healthThreshold: notSwitched.length,
      },
    })
  }
}
