import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FailoverRecord, type FailoverRecordProps } from '../constructs/failover-record'

export interface DnsStackProps extends StackProps {
  readonly record: FailoverRecordProps
}

/** One region's side of the served database name. */
export class DnsStack extends Stack {
  constructor(scope: Construct, id: string, props: DnsStackProps) {
    super(scope, id, props)
    new FailoverRecord(this, 'Database', props.record)
  }
}
