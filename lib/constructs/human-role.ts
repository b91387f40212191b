import { ManagedPolicy, Role, type IPrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'

export interface HumanRoleProps {
  /** Carries its region: IAM is global. */
  readonly roleName: string
  readonly description: string
  /** Who may take it, under which conditions. */
  readonly takenBy: IPrincipal
  /** Everything it may do, complete. */
  readonly statements: readonly PolicyStatement[]
}

/** The shortest that IAM allows: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, MaxSessionDuration. */
const SHORTEST_LIMIT = Duration.hours(1)

/** A role that a person takes: one complete policy, and nothing beside it. */
export class HumanRole extends Construct {
  constructor(scope: Construct, id: string, props: HumanRoleProps) {
    super(scope, id)
    const role = new Role(this, 'Resource', {
      roleName: props.roleName,
      description: props.description,
      assumedBy: props.takenBy,
      maxSessionDuration: SHORTEST_LIMIT,
    })
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: props.roleName,
      statements: [...props.statements],
      roles: [role],
    })
  }
}
