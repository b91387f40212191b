import { Command, Option } from 'commander'
import { rename, requireUnused } from '../../adapters/postgres/database-names'
import { NewDatabase } from '../../adapters/postgres/new-database'
import { exitCodeOf } from '../../core/integrity/verdict'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { asProof, linesOf, prove, type ProofOptions } from '../backup-proof'
import { clientFor, fingerprintAt } from '../backup-session'
import { parseDatabaseUrl } from '../../adapters/postgres/database-url'
import { refused, type OperatorOptions } from '../operator'
import { withProgress } from '../progress'
import { replayLedger } from '../restore-ledger'

type Options = ProofOptions &
  Pick<OperatorOptions, 'folder' | 'preset' | 'as'> & {
    readonly to: string
    readonly maintenance: string
    readonly target?: 'local' | 'aws'
    readonly environment?: OperatorOptions['environment']
    readonly withoutLedger?: string
  }

/** `recovery restore`: a backup into a new database, which has its name only once it is proved. */
export function restoreCommand(): Command {
  return asProof(new Command('restore'))
    .argument('<backup>', 'place and name of a backup, as recovery backup prints it')
    .description('restore a backup into a new database, prove it, and apply what people were promised since')
    .requiredOption(
      '--to <url>',
      'the new database, as postgres://role@host:5432/name; there must be none of that name',
    )
    .option('--maintenance <name>', 'a database of that server to make the new one from', 'postgres')
    .addOption(new Option('--target <target>', 'where the erasure ledger is').choices(['local', 'aws']))
    .addOption(new Option('--environment <name>', 'environment of the ledger').choices([...ENVIRONMENTS]))
    .option('--preset <file>', 'JSON file that chooses the recovery region (default: the one cdk.json names)')
    .option('--folder <dir>', 'where a local ledger lies', '.recovery')
    .option('--as <role/name>', 'who acts on a local ledger')
    .option('--without-ledger <code>', 'why no ledger is applied, as a code such as NO_PERSONAL_DATA')
    .action(restoreIn)
}

async function restoreIn(path: string, options: Options): Promise<void> {
  const ledger = ledgerOf(options)
  const wanted = parseDatabaseUrl(options.to)
  const server = { ...wanted, database: options.maintenance }
  const { folder } = await clientFor(server, options.pgBin)
  await refused(() => requireUnused(server, wanted.database))
  const working = `neonpro_restore_${path.slice(-8).replaceAll(/\W/g, '')}`
  const target = new NewDatabase({
    server,
    database: working,
    client: folder,
    roles: 'require',
    fingerprint: fingerprintAt,
  })
  let opened = false
  try {
    const proof = await withProgress('restore', !options.json, (reporter) => prove(path, options, target, reporter))
    if (proof.verdict !== 'pass' || !proof.facts)
      return tell(options, { proof }, linesOf(proof), exitCodeOf(proof.verdict))
    const { at } = proof.facts.origin
    const applied = ledger && (await refused(() => replayLedger(target.address, at, ledger)))
    await refused(() => rename(server, working, wanted.database))
    opened = true
    const { facts, ...rest } = proof
    tell(options, { proof: rest, origin: facts.origin, database: wanted.database, applied: applied ?? null }, [
      ...linesOf(proof),
      applied === undefined
        ? `no ledger was applied: ${options.withoutLedger}`
        : `${applied} entries of the ledger applied`,
      `'${wanted.database}' holds what '${facts.origin.database}' held at ${at}; nothing was done to any other database`,
      `to serve it: point the application at it, or stop every client and rename both`,
    ])
  } finally {
    if (!opened) await target.remove()
  }
}

/** The ledger that is applied; undefined where somebody said why none is. */
function ledgerOf({ target, environment, withoutLedger, ...options }: Options): OperatorOptions | undefined {
  if (withoutLedger !== undefined && /^[A-Z][A-Z0-9_]{2,}$/.test(withoutLedger) && !target) return undefined
  if (target && environment && withoutLedger === undefined) return { ...options, target, environment }
  throw new UserError(
    'LEDGER_UNDECIDED',
    'nobody says which ledger is to be applied: a restored database holds what people had the right to have erased',
    'give --target and --environment, or --without-ledger with a code that says why',
  )
}

function tell({ json }: Options, document: object, lines: readonly string[], exitCode = 0): void {
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${lines.join('\n')}\n`)
  process.exitCode = exitCode
}
