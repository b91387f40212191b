import { Command } from 'commander'
import { ThrowawayTarget } from '../../adapters/local/throwaway-target'
import { NewDatabase } from '../../adapters/postgres/new-database'
import type { RestoreTarget } from '../../core/ports/restore-target'
import { exitCodeOf } from '../../core/integrity/verdict'
import { asProof, linesOf, prove, type ProofOptions } from '../backup-proof'
import { clientFor, databaseOf, fingerprintAt } from '../backup-session'
import { withProgress } from '../progress'

type Options = ProofOptions & { readonly on?: string }

/** `recovery verify`: restores a backup where nobody looks, and compares. Exits 0 for pass, 1 for fail, 2 where it cannot tell. */
export function verifyCommand(): Command {
  return asProof(new Command('verify'))
    .argument('<backup>', 'place and name of a backup, as recovery backup prints it')
    .description('prove a backup: restore it into a database that is thrown away, and compare content and catalog')
    .option(
      '--on <url>',
      'a database of the server to restore on (default: a server of this machine, started for this)',
    )
    .action(async (path: string, options: Options) => {
      const target = await targetFor(path, options)
      try {
        const proof = await withProgress('verify', !options.json, (reporter) => prove(path, options, target, reporter))
        process.stdout.write(
          options.json ? `${JSON.stringify(proof, undefined, 2)}\n` : `${linesOf(proof).join('\n')}\n`,
        )
        process.exitCode = exitCodeOf(proof.verdict)
      } finally {
        await target.remove()
      }
    })
}

async function targetFor(path: string, { on, pgBin }: Options): Promise<RestoreTarget> {
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
