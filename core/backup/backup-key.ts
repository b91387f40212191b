import type { KeyHolder } from '../ports/data-keys'
import { PortError } from '../ports/errors'
import { secretsOf, type BackupSecrets } from './backup-secrets'
import { isKeyOf, keyContext, type Manifest } from './manifest'

/** The data key of a backup, by whichever of the holders wrapped it. Throws PortError('invalid') where none of them did. */
export async function dataKeyOf(keys: readonly KeyHolder[], { facts: { id }, key }: Manifest): Promise<Uint8Array> {
  const holder = keys.find(({ keyId }) => keyId === key.keyId)
  if (holder) return holder.unwrap(key.wrapped, keyContext(id))
  throw new PortError(
    'invalid',
    'KEY_MISSING',
    `it is sealed with the key '${key.keyId}'; ${keys.length === 0 ? 'no key was given' : `given were ${keys.map(({ keyId }) => `'${keyId}'`).join(', ')}`}`,
  )
}

/** What the data key gives, once it has proved to be the one that the backup was sealed with. */
export async function unlocked(keys: readonly KeyHolder[], manifest: Manifest): Promise<BackupSecrets> {
  const secrets = secretsOf(await dataKeyOf(keys, manifest), manifest.facts.id)
  if (isKeyOf(manifest, secrets)) return secrets
  throw new PortError('invalid', 'KEY_OF_ANOTHER', 'the wrapped key is not the one that this backup was sealed with')
}
