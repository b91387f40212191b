import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import type { Policy } from '../../core/policy'
import { keyAlias } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import type { DataKey, KeyContext, KeyHolder } from '../../core/ports/data-keys'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, clientSettings, refuseForeignEndpointsOfPerson, within } from './client-settings'
import type { AwsEnvironment } from './environment'
import { asking } from './failures'

/** Data keys under a key of KMS in the client's region; `keyId` is its alias. */
export class KmsDataKeys implements KeyHolder {
  constructor(
    private readonly client: KMSClient,
    readonly keyId: string,
  ) {}

  async make(context: KeyContext): Promise<DataKey> {
    const command = new GenerateDataKeyCommand({
      KeyId: this.keyId,
      KeySpec: 'AES_256',
      EncryptionContext: { ...context },
    })
    const { Plaintext, CiphertextBlob } = await asking('making a data key', () =>
      this.client.send(command, within(CALL_MS)),
    )
    return { plain: present(Plaintext), wrapped: Buffer.from(present(CiphertextBlob)).toString('base64') }
  }

  async wrap(plain: Uint8Array, context: KeyContext): Promise<string> {
    const command = new EncryptCommand({ KeyId: this.keyId, Plaintext: plain, EncryptionContext: { ...context } })
    const { CiphertextBlob } = await asking('wrapping a data key', () => this.client.send(command, within(CALL_MS)))
    return Buffer.from(present(CiphertextBlob)).toString('base64')
  }

  async unwrap(wrapped: string, context: KeyContext): Promise<Uint8Array> {
    const command = new DecryptCommand({
      // Named, so that a blob of any other key that we may use is refused.
      KeyId: this.keyId,
      CiphertextBlob: Buffer.from(wrapped, 'base64'),
      EncryptionContext: { ...context },
    })
    const { Plaintext } = await asking('unwrapping a data key', () => this.client.send(command, within(CALL_MS)))
    return present(Plaintext)
  }
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes) return bytes
  throw new PortError('unreachable', 'KMS_EMPTY_ANSWER', 'KMS answered without the bytes that were asked for')
}

/** With a person's credentials: the key of patient data in the recovery region, under which corrections are sealed. */
export function sealingKeysOf(policy: Policy, environment: AwsEnvironment): KmsDataKeys {
  refuseForeignEndpointsOfPerson(environment)
  const { recovery } = withRecoveryRegion(policy).topology.regions
  return new KmsDataKeys(new KMSClient(clientSettings(recovery)), keyAlias(policy, 'database'))
}

/** With a person's credentials; the ARN says in which region the key is. Throws PortError('invalid') for an alias, which may move. */
export function kmsKeysOf(environment: AwsEnvironment, arn: string): KmsDataKeys {
  refuseForeignEndpointsOfPerson(environment)
  const [, region] = /^arn:aws[\w-]*:kms:([\w-]+):\d{12}:key\/[\w-]+$/.exec(arn) ?? []
  if (region) return new KmsDataKeys(new KMSClient(clientSettings(region)), arn)
  throw new PortError('invalid', 'KEY_ARN', `'${arn}' is no ARN of a key; an alias may come to mean another key`)
}
