import { ThrowawayTarget } from '../../adapters/local/throwaway-target'
import { NewDatabase } from '../../adapters/postgres/new-database'
import type { RestoreTarget } from '../../core/ports/restore-target'
import { exitCodeOf } from '../../core/integrity/verdict'
import { linesOf, prove, type ProofOptions } from '../backup-proof'
import { clientFor, databaseOf, fingerprintAt } from '../backup-session'
import { withProgress } from '../progress'

export type BackupOptions = ProofOptions & { readonly on?: string }

/** Restores a backup where nobody looks, and compares. Exits 0 for pass, 1 for fail, 2 where it cannot tell. */
export async function verifyBackup(path: string, options: BackupOptions): Promise<void> {
  const target = await targetFor(path, options)
  try {
    const proof = await withProgress('verify', !options.json, (reporter) => prove(path, options, target, reporter))
    process.stdout.write(options.json ? `${JSON.stringify(proof, undefined, 2)}\n` : `${linesOf(proof).join('\n')}\n`)
    process.exitCode = exitCodeOf(proof.verdict)
  } finally {
    await target.remove()
  }
}

async function targetFor(path: string, { on, pgBin }: BackupOptions): Promise<RestoreTarget> {
  const database = `neonpro_verify_${path.slice(-8).replaceAll(/\W/g, '')}`
  if (on === undefined)
    return new ThrowawayTarget({
      database,
      client: async (address) => (await clientFor(address, pgBin)).folder,
      fingerprint: fingerprintAt,
    })
  const server = databaseOf(on)
  const { folder } = await clientFor(server, pgBin)
  return new NewDatabase({ server, database, client: folder, roles: 'require', fingerprint: fingerprintAt })
}
