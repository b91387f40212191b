import {
  ManagedPolicy,
  Role,
  ServicePrincipal,
  type IManagedPolicy,
  type IRole,
  type PolicyStatement,
} from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'

export interface ServiceRoleProps {
  /** Carries its region: IAM is global. */
  readonly roleName: string
  readonly service: string
  /** Under what the service may take the role, besides being that service. @default nothing more */
  readonly conditions?: Readonly<Record<string, unknown>>
  /** Everything the role may do. @default nothing but the given managed policies */
  readonly statements?: readonly PolicyStatement[]
  /** Policies that AWS maintains. @default none */
  readonly managedPolicies?: readonly IManagedPolicy[]
}

/** A role of one service with one complete policy: constructs that would quietly add statements to it cannot. */
export class ServiceRole extends Construct {
  readonly role: IRole

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id)
    const role = new Role(this, 'Resource', {
      roleName: props.roleName,
      assumedBy: new ServicePrincipal(props.service, props.conditions && { conditions: { ...props.conditions } }),
      managedPolicies: [...(props.managedPolicies ?? [])],
    })
    if (props.statements?.length)
      new ManagedPolicy(this, 'Policy', {
        managedPolicyName: props.roleName,
        statements: [...props.statements],
        roles: [role],
      })
    this.role = role.withoutPolicyUpdates()
  }
}
