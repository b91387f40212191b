import { CfnOIDCProvider, PolicyStatement, Role, WebIdentityPrincipal, ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Names } from '../names'

/** Who pushes: the workflows of one repository, on its release branch and on its release tags. */
export interface GithubRepository {
  /** `owner/name`. */
  readonly repository: string
  readonly releaseBranch: string
  /** Whether the account has GitHub's provider of identities already; it can have one. */
  readonly provider: 'create' | 'existing'
}

export interface CodePublisherProps {
  readonly from: GithubRepository
  readonly names: Names
}

/** https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services */
const ISSUER = 'token.actions.githubusercontent.com'
const AUDIENCE = 'sts.amazonaws.com'

/**
 * The role with which CI pushes copies of the code into every data region: no key of it lies anywhere, and it can add and
 * sign, and neither read nor delete. A pull request of a stranger runs under another subject and cannot take it.
 */
export class CodePublisher extends Construct {
  constructor(scope: Construct, id: string, { from, names }: CodePublisherProps) {
    super(scope, id)
    const providerArn = `arn:aws:iam::${names.accountId}:oidc-provider/${ISSUER}`
    const role = new Role(this, 'Resource', {
      roleName: names.role('code-publisher-ci', names.accessRole),
      description: `Pushes copies of the code of ${from.repository}`,
      assumedBy: new WebIdentityPrincipal(providerArn, {
        StringEquals: { [`${ISSUER}:aud`]: AUDIENCE },
        StringLike: {
          [`${ISSUER}:sub`]: [`heads/${from.releaseBranch}`, 'tags/v*'].map(
            (ref) => `repo:${from.repository}:ref:refs/${ref}`,
          ),
        },
      }),
    })
    if (from.provider === 'create')
      role.node.addDependency(
        new CfnOIDCProvider(this, 'Provider', { url: `https://${ISSUER}`, clientIdList: [AUDIENCE] }),
      )
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: names.role('code-publisher-ci', names.accessRole),
      roles: [role],
      statements: names.dataRoles.flatMap((place) => [
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: CODE_FOLDERS.map((folder) => `${names.bucketArn('code', place)}/${folder}/*`),
        }),
        ...(['code', 'code-signing'] as const).map(
          (purpose) =>
            new PolicyStatement({
              actions: [purpose === 'code' ? 'kms:GenerateDataKey' : 'kms:Sign'],
              resources: [names.anyKeyArn(place)],
              // The id of a key of another region is not known here, its alias is.
              conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias(purpose) } },
            }),
        ),
      ]),
    })
  }
}

/** What CI may add to, in the bucket of the copies. */
export const CODE_FOLDERS = ['bundles', 'manifests'] as const
