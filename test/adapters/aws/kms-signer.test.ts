import { KMSClient } from '@aws-sdk/client-kms'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { KmsSigner } from '../../../adapters/aws/kms-signer'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const makeSigner = () => new KmsSigner(new KMSClient(clientSettings('eu-west-1')), 'alias/neonpro-test/checkpoint')

describe('KmsSigner', () => {
  it('refuses a text longer than KMS signs', async () => {
    await expect(makeSigner().sign('é'.repeat(2049))).rejects.toMatchObject({
      failure: 'invalid',
      code: 'TEXT_TOO_LONG',
    })
    expect(aws.current.calls).toHaveLength(0)
  })

  it('says denied without the permission to sign', async () => {
    aws.current.breaks('kms:Sign', 'denied')
    await expect(makeSigner().sign('x')).rejects.toMatchObject({ failure: 'denied', code: 'AccessDeniedException' })
  })
})
