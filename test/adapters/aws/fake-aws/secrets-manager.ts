import { json, type Call, type Service } from './wire'

/** Secrets by name with the versions they have had, the last one in force; and what some of them hold. */
export class FakeSecretsManager implements Service {
  readonly secrets = new Map<string, string[]>()
  readonly values = new Map<string, string>()

  action = ({ headers }: Omit<Call, 'action'>) => `secretsmanager:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  answer({ action, body }: Call) {
    const { SecretId } = JSON.parse(body) as { SecretId: string }
    const value = this.values.get(SecretId)
    if (action === 'secretsmanager:GetSecretValue')
      return value === undefined ? this.error('ResourceNotFoundException') : json({ SecretString: value })
    const versions = this.secrets.get(SecretId)
    if (action !== 'secretsmanager:DescribeSecret') return this.error('InvalidAction')
    if (!versions) return this.error('ResourceNotFoundException')
    const [current, previous] = versions.toReversed()
    return json({
      Name: SecretId,
      VersionIdsToStages: {
        ...(previous !== undefined && { [previous]: ['AWSPREVIOUS'] }),
        ...(current !== undefined && { [current]: ['AWSCURRENT'] }),
      },
    })
  }
}
