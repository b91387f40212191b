import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'

export interface ArchiveDisposalStackProps extends StackProps, FunctionFleetProps {}

/** The one way to destroy what is archived, in a stack of its own: whoever may deploy another stack does not change it. */
export class ArchiveDisposalStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveDisposalStackProps) {
    super(scope, id, props)
    new FunctionFleet(this, 'Functions', props)
  }
}
