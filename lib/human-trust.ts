import {
  AccountPrincipal,
  ArnPrincipal,
  type IPrincipal,
  type PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
} from 'aws-cdk-lib/aws-iam'
import type { HumanRoleName } from '../core/access/human-roles'
import { hasRecoveryRegion, type Policy } from '../core/policy'
import { GLOBAL_SERVICES_REGION } from '../core/policy/flows'
import { SOURCE_IDENTITY_PREFIX } from '../lambda/contract'

/**
 * Whoever belongs to a role takes it by itself, under its own name: the name of the session tells one person from another,
 * so that nobody may choose it. Which users or groups belong to it is decided where people have their users.
 */
export function standingTrust({ people, topology }: Policy, role: HumanRoleName): IPrincipal {
  const { identity } = people
  if (identity.from === 'iam-mfa')
    return new PrincipalWithConditions(new AccountPrincipal(identity.accountId), {
      ...freshSecondFactor(people),
      StringEquals: { 'sts:RoleSessionName': '${aws:username}' },
    })
  const sets = `arn:aws:iam::${topology.accountId}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${identity.permissionSetPrefix}${role}_*`
  // A session of Identity Center tells no age of a second factor: that one is asked for at each login is set there.
  return new PrincipalWithConditions(new AccountPrincipal(topology.accountId), {
    ArnLike: { 'aws:PrincipalArn': sets },
    StringEquals: { 'sts:RoleSessionName': `\${aws:PrincipalTag/${identity.personAttribute}}` },
  })
}

/**
 * A role for one task: the desk takes it, and says for whom. A source identity has to be allowed by the role as well as to
 * its caller, or the call is refused: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export const elevatedTrust = (deskRoleArn: string): IPrincipal =>
  new NamingPrincipal(new ArnPrincipal(deskRoleArn), {
    StringLike: { 'sts:SourceIdentity': `${SOURCE_IDENTITY_PREFIX}*` },
  })

class NamingPrincipal extends PrincipalWithConditions {
  override addToAssumeRolePolicy(document: PolicyDocument): void {
    const actions = [this.assumeRoleAction, 'sts:SetSourceIdentity']
    document.addStatements(new PolicyStatement({ actions, principals: [this] }))
  }
}

/**
 * The last resort: one user of the account itself, so that it works while every place with identities is out of reach. Named
 * in a condition, since IAM refuses a role whose principal is a user that does not exist, and forgets one that was made
 * again; so the user comes before its first use and not before the first deployment (docs/first-deployment.md).
 * https://repost.aws/knowledge-center/iam-trust-policy-error
 * A call is recorded in the region in which it was made, so that it may be taken only where somebody looks; the console asks
 * in us-east-1, where a topology of one region has no rules.
 */
export function sealedTrust(policy: Policy, userName: string): IPrincipal {
  const { people, topology } = policy
  const watched = [...Object.values(topology.regions), ...(hasRecoveryRegion(policy) ? [GLOBAL_SERVICES_REGION] : [])]
  return new PrincipalWithConditions(new AccountPrincipal(topology.accountId), {
    ...freshSecondFactor(people),
    // Under its own name, as everybody: whoever holds the last resort writes no record as another person.
    StringEquals: { 'aws:RequestedRegion': [...new Set(watched)], 'sts:RoleSessionName': userName },
    ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${topology.accountId}:user/${userName}` },
  })
}

const freshSecondFactor = ({ mfaMaxAgeMinutes }: Policy['people']) => ({
  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  NumericLessThan: { 'aws:MultiFactorAuthAge': String(mfaMaxAgeMinutes * 60) },
})
