import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { HumanRole } from '../constructs/human-role'

/** One role of people, put together. */
export interface PeopleRole {
  readonly name: string
  readonly roleName: string
  readonly description: string
  readonly takenBy: IPrincipal
  readonly statements: readonly PolicyStatement[]
}

export interface AccessStackProps extends StackProps, FunctionFleetProps {
  readonly roles: readonly PeopleRole[]
  readonly key: IKey
}

/** The roles of people, and the function that opens those which nobody holds by itself. */
export class AccessStack extends Stack {
  constructor(scope: Construct, id: string, props: AccessStackProps) {
    super(scope, id, props)
    const fleet = props.contracts.length > 0 ? [new FunctionFleet(this, 'Functions', props)] : []
    const keeper = fleet[0]?.find('password-policy')
    if (keeper)
      new FunctionSchedule(this, 'PasswordPolicySchedule', {
        scheduleName: props.around.names.function('password-policy'),
        roleName: props.around.names.role('password-policy-schedule', props.around.role),
        target: keeper,
        key: props.key,
        everyMinutes: EVERY_DAY,
      })
    for (const { name, ...role } of props.roles) {
      const made = new HumanRole(this, name, role)
      // IAM takes no principal that does not exist yet, and some of these are the role of a function.
      made.node.addDependency(...fleet)
    }
  }
}

/** How long a password policy that somebody changed stays as it is, at most. */
const EVERY_DAY = 24 * 60
