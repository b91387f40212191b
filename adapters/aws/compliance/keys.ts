import {
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  paginateListAliases,
  type KMSClient,
} from '@aws-sdk/client-kms'
import type { KeyProtection } from '../../../core/ports/compliance'
import { CALL_MS, within } from '../client-settings'
import { asking, isException } from '../failures'
import type { Guard } from './guard'

/** What a key is called. */
export interface KeyNames {
  /** The alias of a key, by its ARN; undefined for one without a name. */
  aliasOf(keyArn: string): Promise<string | undefined>
}

export const keyNames = (kms: KMSClient): KeyNames => ({
  aliasOf: (keyArn) =>
    asking('kms:ListAliases', async () => {
      for await (const { Aliases = [] } of paginateListAliases({ client: kms }, { KeyId: keyArn }, within(CALL_MS)))
        for (const { AliasName } of Aliases) if (AliasName) return AliasName
      return undefined
    }),
})

export function keyGuard(kms: KMSClient, region: string): Guard<KeyProtection> {
  // Rotation is asked by id: KMS takes no alias there.
  const idOf = async (alias: string): Promise<string | undefined> => {
    try {
      const { KeyMetadata } = await asking('kms:DescribeKey', () =>
        kms.send(new DescribeKeyCommand({ KeyId: alias }), within(CALL_MS)),
      )
      return KeyMetadata?.KeyId
    } catch (error) {
      if (isException(error, 'NotFound')) return undefined
      throw error
    }
  }
  return {
    async read(name) {
      const KeyId = await idOf(name)
      if (KeyId === undefined) return undefined
      const { KeyRotationEnabled } = await asking('kms:GetKeyRotationStatus', () =>
        kms.send(new GetKeyRotationStatusCommand({ KeyId }), within(CALL_MS)),
      )
      return { kind: 'key', region, name, rotates: KeyRotationEnabled === true }
    },
    async write({ name, rotates }, found) {
      const KeyId = rotates && !found?.rotates ? await idOf(name) : undefined
      if (KeyId !== undefined)
        await asking('kms:EnableKeyRotation', () => kms.send(new EnableKeyRotationCommand({ KeyId }), within(CALL_MS)))
      return 'restored'
    },
  }
}
