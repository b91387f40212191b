import type { Permission } from './contract'

/** What a function needs to see what is deployed of the platform in its region and at Vercel. */
export const SEES_RELEASES: readonly Permission[] = [
  { actions: ['lambda:GetAlias'], on: 'released-functions' },
  {
    actions: ['lambda:GetFunctionConfiguration'],
    on: 'released-versions',
    reason: 'each deployment makes a version with a number that nobody knows before',
  },
  // Their health, and the schema with its way back.
  { actions: ['lambda:InvokeFunction'], on: 'released-aliases' },
  { actions: ['lambda:InvokeFunction'], on: 'migration-functions' },
  { actions: ['lambda:InvokeFunction'], on: 'own-configuration-restore-function' },
  { actions: ['s3:ListBucket'], on: 'own-assets-bucket' },
  { actions: ['s3:GetObject'], on: 'asset-pointers' },
  { actions: ['kms:Decrypt'], on: 'own-assets-key' },
  // Under the key of Secrets Manager itself, which whoever may read the secret may use.
  { actions: ['secretsmanager:GetSecretValue'], on: 'deployment-tokens' },
  { actions: ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'], on: 'released-stacks' },
  { actions: ['s3:ListBucket'], on: 'own-code-bucket' },
  {
    actions: ['s3:GetObject'],
    on: 'own-released-templates',
    reason: 'each release of a stack has a key of its own',
  },
  { actions: ['kms:Decrypt'], on: 'own-code-key' },
]

/** What it needs besides to keep it; settings are kept by their own function. */
export const KEEPS_RELEASES: readonly Permission[] = [
  {
    actions: ['s3:PutObject'],
    on: 'own-released-templates',
    reason: 'each release of a stack has a key of its own; none is ever changed',
  },
  { actions: ['kms:GenerateDataKey'], on: 'own-code-key' },
]

/**
 * What a rollback needs besides. It updates a stack under the role that the stack itself was given by its deployment, and so
 * may make nothing that this role may not.
 */
export const PUTS_RELEASES_BACK: readonly Permission[] = [
  { actions: ['lambda:UpdateAlias'], on: 'released-functions' },
  { actions: ['s3:PutObject'], on: 'asset-pointers' },
  { actions: ['kms:GenerateDataKey'], on: 'own-assets-key' },
  {
    actions: [
      'cloudformation:CreateChangeSet',
      'cloudformation:DescribeChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:ExecuteChangeSet',
    ],
    on: 'released-stacks',
  },
]
