import { CfnRecordSet } from 'aws-cdk-lib/aws-route53'
import { Construct } from 'constructs'

export interface FailoverRecordProps {
  readonly hostedZoneId: string
  readonly name: string
  readonly target: string
  readonly ttlSeconds: number
  /**
   * The side that serves first carries the check; the other carries none, for a name without any healthy record would be
   * answered with the primary. The only side of a name needs no routing.
   */
  readonly side:
    | { readonly kind: 'primary'; readonly healthCheckId: string }
    | { readonly kind: 'secondary' }
    | { readonly kind: 'only' }
}

/** One side of a served name, made in its own region's stack from its own endpoint. */
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
      ...(side.kind === 'primary' && { healthCheckId: side.healthCheckId }),
    })
  }
}
