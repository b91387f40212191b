import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AccountPrincipal,
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage, type IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'

export interface DataKeyProps {
  /** Alias with its `alias/` prefix: the only name by which another region may know the key. */
  readonly alias: string
  readonly description: string
  /** @default 'encrypt': a symmetric key with yearly rotation; 'sign' is an ECC P-256 key, which KMS cannot rotate. */
  readonly use?: 'encrypt' | 'sign'
  /** Roles of AWS services that use the key, by ARN: one that AWS makes later cannot be a principal. @default none */
  readonly serviceRoleArns?: readonly string[]
  /** Services that use the key on their own behalf, such as `sns.amazonaws.com`. @default none */
  readonly services?: readonly string[]
  /** Services that write into encrypted queues or topics and do not tell the key for which account. @default none */
  readonly servicesWithoutSource?: readonly string[]
  /**
   * Service through which whoever may use its resources may also use the key, such as `dynamodb`: the resource's own
   * permissions decide, also for callers of another region. @default none
   */
  readonly throughService?: string
  /**
   * Account that copies what the key encrypts: a recovery point of RDS stays under the key of its instance, so whoever copies
   * it into another account has to use that key from there. @default none
   */
  readonly copyingAccount?: string
}

/**
 * A customer-managed key that nobody can delete or disable while its policy stands: RDS recovery points stay encrypted
 * with it however well their vault is locked. Administration and use are separate statements.
 * @stateful
 */
export class DataKey extends Construct {
  readonly key: IKey

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id)
    const { account, region } = Stack.of(this)
    const sign = props.use === 'sign'
    this.key = new Key(this, 'Resource', {
      alias: props.alias,
      description: props.description,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(sign
        ? { keySpec: KeySpec.ECC_NIST_P256, keyUsage: KeyUsage.SIGN_VERIFY }
        : { enableKeyRotation: true, keySpec: KeySpec.SYMMETRIC_DEFAULT }),
      policy: new PolicyDocument({
        statements: [
          statement('Administration', [new AccountRootPrincipal()], ADMINISTRATION),
          statement('Use', [new AccountRootPrincipal()], sign ? SIGNING : ENCRYPTION),
          new PolicyStatement({
            sid: 'NobodyDeletesOrDisables',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey'],
            resources: ['*'],
          }),
          ...(sign
            ? []
            : [
                // Grants only for AWS's own services, which is how RDS, Backup and DynamoDB hold on to a key.
                statement('GrantsForServices', [new AccountRootPrincipal()], ['kms:CreateGrant'], {
                  Bool: { 'kms:GrantIsForAWSResource': 'true' },
                }),
                statement('ServiceRoles', [new AnyPrincipal()], ENCRYPTION, {
                  ArnEquals: {
                    'aws:PrincipalArn': [
                      `arn:aws:iam::${account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
                      ...(props.serviceRoleArns ?? []),
                    ],
                  },
                }),
                statement('Logs', [new ServicePrincipal(`logs.${region}.amazonaws.com`)], ENCRYPTION, {
                  ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` },
                }),
              ]),
          ...(props.throughService
            ? [
                statement('ThroughService', [new AnyPrincipal()], [...ENCRYPTION, 'kms:CreateGrant'], {
                  StringEquals: {
                    'kms:CallerAccount': account,
                    'kms:ViaService': `${props.throughService}.${region}.amazonaws.com`,
                  },
                }),
              ]
            : []),
          // https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
          ...(props.copyingAccount
            ? [
                statement('CopyingAccount', [new AccountPrincipal(props.copyingAccount)], ENCRYPTION),
                statement('GrantsForCopies', [new AccountPrincipal(props.copyingAccount)], ['kms:CreateGrant'], {
                  Bool: { 'kms:GrantIsForAWSResource': 'true' },
                }),
              ]
            : []),
          ...(props.services ?? []).map((service) =>
            statement(`Service${service.split('.')[0]}`, [new ServicePrincipal(service)], ENCRYPTION, {
              StringEquals: { 'aws:SourceAccount': account },
            }),
          ),
          ...(props.servicesWithoutSource ?? []).map((service) =>
            statement(
              `Service${service.split('.')[0]}`,
              [new ServicePrincipal(service)],
              ['kms:Decrypt', 'kms:GenerateDataKey'],
            ),
          ),
        ],
      }),
    })
  }
}

const statement = (
  sid: string,
  principals: IPrincipal[],
  actions: readonly string[],
  conditions?: Record<string, unknown>,
) =>
  new PolicyStatement({ sid, principals, actions: [...actions], resources: ['*'], ...(conditions && { conditions }) })

const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
]
const ENCRYPTION = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
]
const SIGNING = ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', 'kms:Verify']
