import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'

/** Where a record leads: to a host, or to whatever another name of the same zone leads to, without clients seeing that name. */
export type RecordTarget =
  | { readonly kind: 'host'; readonly host: string; readonly ttlSeconds: number }
  | { readonly kind: 'name'; readonly name: string }

export interface FailoverRecordProps {
  readonly hostedZoneId: string
  readonly name: string
  readonly target: RecordTarget
  /**
   * The side that serves first carries the check; the other carries none, for a name without any healthy record would be
   * answered with the primary. The only side of a name needs no routing.
   */
  readonly side:
    | { readonly kind: 'primary'; readonly healthCheckId: string }
    | { readonly kind: 'secondary' }
    | { readonly kind: 'only' }
}

/** One side of a name, made in its own region's stack from its own endpoint. */
export class FailoverRecord extends Construct {
  constructor(scope: Construct, id: string, props: FailoverRecordProps) {
    super(scope, id)
    const { side, target, hostedZoneId } = props
    new CfnRecordSet(this, 'Resource', {
      hostedZoneId,
      name: `${props.name}.`,
      type: 'CNAME',
      ...(target.kind === 'host'
        ? { ttl: String(target.ttlSeconds), resourceRecords: [target.host] }
        : // Its own routing decides, and its TTL is what clients are told.
          // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
          { aliasTarget: { hostedZoneId, dnsName: `${target.name}.`, evaluateTargetHealth: false } }),
      ...(side.kind !== 'only' && {
        setIdentifier: side.kind,
        failover: side.kind === 'primary' ? 'PRIMARY' : 'SECONDARY',
      }),
      ...(side.kind === 'primary' && { healthCheckId: side.healthCheckId }),
    })
  }
}
