import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { randomUUID } from 'node:crypto'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { SecretsManagerCopies } from '../../../adapters/aws/secrets-manager-copies'
import { describeSecretCopies } from '../../contracts/secret-copies'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()

const [HOME, AWAY] = ['sa-east-1', 'eu-west-1']
const NAMES = ['application', 'login-app'] as const
const client = (region: string) => new SecretsManagerClient(clientSettings(region))
const copies = (...more: readonly string[]) => new SecretsManagerCopies(client, [...NAMES, ...more])

function holdAll(): void {
  const { secretsManager } = aws.current
  for (const name of NAMES) {
    secretsManager.hold(`${HOME}/${name}`, 'first')
    secretsManager.hold(`${AWAY}/${name}`, 'first').replicaOf = HOME
  }
}

describeSecretCopies('Secrets Manager', () => {
  holdAll()
  return {
    copies: copies(),
    home: HOME,
    away: AWAY,
    names: NAMES,
    change: async (SecretId, region) => {
      const command = new PutSecretValueCommand({ SecretId, SecretString: 'second', ClientRequestToken: randomUUID() })
      await client(region).send(command)
    },
  }
})

describe('SecretsManagerCopies', () => {
  it('asks the region of the copies alone, and reads no value', async () => {
    holdAll()
    await copies().standAlone(AWAY)
    const called = aws.current.calls.map(({ region, action }) => `${region} ${action}`)
    expect(new Set(called)).toEqual(
      new Set([`${AWAY} secretsmanager:DescribeSecret`, `${AWAY} secretsmanager:StopReplicationToReplica`]),
    )
  })

  it('lets the others stand alone before it throws for one that is missing', async () => {
    holdAll()
    await expect(copies('nowhere').standAlone(AWAY)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
    expect(await copies('nowhere').copiesIn(AWAY)).toEqual([])
    expect(await copies('nowhere').differing(HOME, AWAY)).toEqual(['nowhere'])
  })
})
