import { concrete, type Concrete } from './concrete'
import { allowedByBoth, matches, verdict, type Call, type Statement, type Verdict } from './iam-evaluation'
import type { SynthesizedStack } from './synth'

const statementsIn = (document: unknown): readonly Statement[] =>
  [(document as { readonly Statement: Statement | readonly Statement[] }).Statement].flat()
const list = (values: string | readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : [values].flat()

/** A key with what decides about it. */
export interface KeyInTree {
  readonly arn: string
  readonly region: string
  readonly aliases: readonly string[]
  readonly policy: readonly Statement[]
}

/** Everything in a tree that can grant something, with its references filled in. */
export class Grants {
  private readonly resources: readonly Concrete[]

  constructor(
    stacks: readonly SynthesizedStack[],
    private readonly accountId: string,
  ) {
    this.resources = concrete(stacks, accountId)
  }

  private of(...types: readonly string[]): readonly Concrete[] {
    return this.resources.filter(({ type }) => types.includes(type))
  }

  keys(): readonly KeyInTree[] {
    const aliases = this.of('AWS::KMS::Alias')
    return this.of('AWS::KMS::Key').map(({ arn, region, properties }) => ({
      arn,
      region,
      aliases: aliases
        .filter(({ properties: alias }) => alias['TargetKeyId'] === arn)
        .map(({ properties: alias }) => String(alias['AliasName'])),
      policy: statementsIn(properties['KeyPolicy']),
    }))
  }

  /** Everything that a role of the tree is granted by itself. */
  grantedTo(roleName: string): readonly Statement[] {
    return this.holders()
      .filter(({ role }) => role === roleName)
      .flatMap(({ statements }) => statements)
  }

  roleArns(): readonly string[] {
    return this.of('AWS::IAM::Role').map(({ arn }) => arn)
  }

  /** Roles and users that a role of the tree trusts by their names, other than whole accounts. */
  trustedByName(): readonly string[] {
    return this.of('AWS::IAM::Role')
      .flatMap(({ properties }) => statementsIn(properties['AssumeRolePolicyDocument']))
      .flatMap(({ Principal }) => (typeof Principal === 'object' ? list(Principal.AWS) : []))
      .filter((arn) => !arn.endsWith(':root') && arn !== '*')
  }

  trustOf(roleName: string): readonly Statement[] {
    return this.of('AWS::IAM::Role')
      .filter(({ properties }) => properties['RoleName'] === roleName)
      .flatMap(({ properties }) => statementsIn(properties['AssumeRolePolicyDocument']))
  }

  /** What the access policies of the vaults say, of all regions together. */
  vaultPolicies(): readonly Statement[] {
    return this.of('AWS::Backup::BackupVault').flatMap(({ properties }) => statementsIn(properties['AccessPolicy']))
  }

  /** Whether a role may take another for somebody: its own policy and the trust of the other both have to allow each part. */
  mayTake(caller: string, taken: string, context: Call['context'] = {}): boolean {
    const parts = ['sts:AssumeRole', ...('sts:SourceIdentity' in context ? ['sts:SetSourceIdentity'] : [])]
    return parts.every((action) =>
      allowedByBoth(this.grantedTo(caller), this.trustOf(taken), {
        principal: this.roleArn(caller),
        action,
        resource: this.roleArn(taken),
        context,
      }),
    )
  }

  /** What a role's own policies say of a call. */
  verdictFor(role: string, call: Omit<Call, 'principal'>): Verdict {
    return verdict(this.grantedTo(role), { principal: this.roleArn(role), ...call })
  }

  roleArn(roleName: string): string {
    return `arn:aws:iam::${this.accountId}:role/${roleName}`
  }

  /** Roles and what is attached to them. */
  holders(): readonly { readonly role: string; readonly statements: readonly Statement[] }[] {
    return this.of('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').flatMap(({ properties }) =>
      list(properties['Roles'] as string[] | undefined).map((role) => ({
        role,
        statements: statementsIn(properties['PolicyDocument']),
      })),
    )
  }

  /** What roles are granted on keys that those keys do not admit: a grant that is none. */
  refusedByKeys(): readonly string[] {
    const keys = this.keys()
    return this.holders().flatMap(({ role, statements }) =>
      statements
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap((statement) =>
          list(statement.Action)
            .filter((action) => action.startsWith('kms:'))
            .flatMap((action) =>
              keys
                .filter((key) => isMeant(statement, key))
                .filter((key) => verdict(key.policy, this.callOf(role, action, statement, key)) !== 'allow')
                .map((key) => `${role}: ${action} on ${key.aliases.join()} of ${key.region}`),
            ),
        ),
    )
  }

  /** The call that a statement is for: with the conditions that it names itself. */
  private callOf(role: string, action: string, { Condition = {} }: Statement, key: KeyInTree): Call {
    const asked = Object.values(Condition).flatMap((keys) => Object.entries(keys))
    return {
      principal: this.roleArn(role),
      action,
      resource: key.arn,
      context: {
        ...Object.fromEntries(asked),
        'kms:ResourceAliases': key.aliases,
        'kms:CallerAccount': this.accountId,
      },
    }
  }
}

function isMeant({ Resource, Condition = {} }: Statement, key: KeyInTree): boolean {
  if (!list(Resource).some((pattern) => pattern !== '*' && matches(pattern, key.arn))) return false
  const aliases = Object.values(Condition).flatMap((keys) => list(keys['kms:ResourceAliases']))
  return aliases.length === 0 || aliases.some((pattern) => key.aliases.some((alias) => matches(pattern, alias)))
}
