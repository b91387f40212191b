import type { BackupStore } from '../ports/backup-store'
import type { KeyHolder } from '../ports/data-keys'
import { dataKeyOf, unlocked } from './backup-key'
import { keyContext, manifestText, parseManifest } from './manifest'
import { backupOf, manifestOf } from './names'
import { textOf } from './text-of'

/**
 * Puts the data key of a backup under another key, for a rotation or a holder that is given up; the data stays as it is. The
 * new wrapping is opened before the old one goes, and one step replaces it. Done again, it changes nothing.
 */
export async function rewrap(
  store: BackupStore,
  name: string,
  from: readonly KeyHolder[],
  to: KeyHolder,
): Promise<'rewrapped' | 'already'> {
  const manifest = parseManifest(await textOf(store.read(manifestOf(name))))
  const { id } = manifest.facts
  if (manifest.key.keyId === to.keyId) return 'already'
  const wrapped = await to.wrap(await dataKeyOf(from, manifest), keyContext(id))
  const renewed = { ...manifest, key: { keyId: to.keyId, wrapped } }
  await unlocked([to], renewed)
  await store.replace(manifestOf(name), manifestText(renewed))
  return 'rewrapped'
}

/** Backups of a place, oldest first: those that have a manifest. */
export async function* backupsIn(store: BackupStore): AsyncIterable<string> {
  for await (const file of store.names('')) {
    const name = backupOf(file)
    if (name !== undefined) yield name
  }
}
