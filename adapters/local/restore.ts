import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { CopyRemoval } from '../../core/ports/copy-removal'
import type { InstanceRef } from '../../core/ports/database'
import { isPortError, PortError } from '../../core/ports/errors'
import type { Restore } from '../../core/ports/restore'
import { asPortError } from '../postgres/connect'
import { momentOf } from '../postgres/moment'
import type { KnownInstances } from './known-instance'
import type { NewInstances } from './new-instances'
import { find, reach } from './reachable-instance'

export interface RestoreSettings {
  readonly instances: KnownInstances
  readonly made: Pick<NewInstances, 'restore' | 'remove'>
  /** Instance whose base backup there is, and where. */
  readonly history?: { readonly of: InstanceRef; readonly backup: string }
  /** The guard of a living database writes at least once within it. */
  readonly leaseMs: number
  readonly session: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>
}

/** A copy that was asked for, and why it came to nothing. */
interface Begun {
  readonly copy: InstanceRef
  failure?: PortError
}

/** The control plane of a region as far as it restores and removes what it restored. */
export function localRestore(settings: RestoreSettings): { restore: Restore; copyRemoval: CopyRemoval } {
  const { instances, made, history, session } = settings
  const begun = new Map<string, Begun>()
  const restore: Restore = {
    window: async (source) => {
      if (history?.of.region !== source.region || history.of.instance !== source.instance) return undefined
      return {
        earliest: (await stat(join(history.backup, 'backup_label'))).mtime.toISOString(),
        latest: await latest(source),
      }
    },
    momentOf: (source, target) => session(source, (client) => momentOf(client, target)),
    begin: async (source, { key, at, copy }) => {
      const before = begun.get(key)
      if (before?.failure) throw before.failure
      if (before) return
      if (find(instances, copy)) throw new PortError('conflict', 'COPY_EXISTS', `'${copy.instance}' exists already`)
      const ours: Begun = { copy }
      begun.set(key, ours)
      made
        .restore(source, { before: at, copy })
        .catch((error: unknown) => (ours.failure = asPortError(error, copy.instance)))
    },
  }
  const copyRemoval: CopyRemoval = {
    remove: async (copy, { restoreKey }) => {
      if (!find(instances, copy)) return
      const ours = begun.get(restoreKey)
      if (ours?.copy.region !== copy.region || ours.copy.instance !== copy.instance)
        throw new PortError('denied', 'NOT_A_TEST_COPY', `'${copy.instance}' was not made by this restore`)
      if (await isOpen(copy))
        throw new PortError('denied', 'COPY_IN_USE', `'${copy.instance}' has been opened since it was made`)
      await made.remove(copy)
    },
  }
  return { restore, copyRemoval }

  /** What is committed now is shipped before a restore begins; a silent database has shipped what lies in its archive. */
  async function latest(source: InstanceRef): Promise<string> {
    try {
      return await session(source, async (client) => {
        const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now')
        return rows[0]!.now.toISOString()
      })
    } catch (error) {
      if (!isPortError(error) || error.failure !== 'unreachable') throw error
      const { archive } = reach(instances, source).server
      const times = await Promise.all(
        (await readdir(archive)).map(async (file) => (await stat(join(archive, file))).mtimeMs),
      )
      return new Date(Math.max(0, ...times) - settings.leaseMs).toISOString()
    }
  }

  /** A copy that does not answer yet has let nobody in. */
  async function isOpen(copy: InstanceRef): Promise<boolean> {
    if (reach(instances, copy).status !== 'available') return false
    return session(copy, async (client) => {
      const { rows } = await client.query<{ open: boolean }>(
        'select clock_timestamp() <= valid_until as open from recovery_guard.lease',
      )
      return rows[0]!.open
    })
  }
}
