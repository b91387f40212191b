import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { sealCorrection } from '../../core/coordination/corrections'
import type { DataKeys } from '../../core/ports/data-keys'
import { LEDGER_KINDS } from '../../core/ports/database'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { askDesk } from '../desk'
import { asOperator, refused, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }
type Appended = Options & {
  readonly id: string
  readonly kind: (typeof LEDGER_KINDS)[number]
  readonly subject: string
  readonly sealed?: string
}

const entry = z.looseObject({
  sequence: z.number(),
  id: z.string(),
  kind: z.string(),
  subjectId: z.string(),
  acceptedAt: z.string(),
  appliedAt: z.string().optional(),
})
const head = z.object({ sequence: z.number(), hash: z.string() }).optional()
const listed = z.object({ entries: z.array(entry), head })
const verified = z.object({ entries: z.number(), waiting: z.number(), corrections: z.number(), head })

/** `recovery ledger`: what a restore must not undo. Pseudonyms, ids and codes; the fields of a correction come sealed. */
export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('what a restore must not undo: erasures, blocks, withdrawals, corrections, revoked logins')
    .addCommand(append())
    .addCommand(applied())
    .addCommand(list())
    .addCommand(verify())
    .addCommand(seal())
}

const append = () =>
  asOperator(new Command('append'))
    .description('record a request that was accepted; it is acknowledged once both places hold it')
    .requiredOption('--id <id>', 'the reference of the request')
    .addOption(new Option('--kind <kind>', 'what was asked for').choices(LEDGER_KINDS).makeOptionMandatory())
    .requiredOption('--subject <pseudonym>', 'the code of the person, or the name of the login')
    .option('--sealed <file>', 'the sealed fields of a correction')
    .option('--json', 'print one JSON document')
    .action(async (options: Appended) => {
      const { id, kind, subject, sealed } = options
      const answered = entry.parse(
        await askDesk(options, {
          operation: 'append-ledger',
          id,
          kind,
          subjectId: subject,
          ...(sealed !== undefined && { sealed: (await textOf(sealed)).trim() }),
        }),
      )
      tell(options, answered, [`${id} is entry ${answered.sequence} of the ledger, accepted at ${answered.acceptedAt}`])
    })

const applied = () =>
  asOperator(new Command('applied'))
    .argument('<id>', 'the reference of the request')
    .description('record that the production database holds what was asked for; the time is now')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options) => {
      const answered = entry.parse(await askDesk(options, { operation: 'ledger-applied', id }))
      tell(options, answered, [`${id} was applied at ${answered.appliedAt}`])
    })

const list = () =>
  asOperator(new Command('list'))
    .description('print the entries of the ledger, oldest first')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const answered = listed.parse(await askDesk(options, { operation: 'list-ledger' }))
      const lines = answered.entries.map(
        ({ sequence, id, kind, subjectId, acceptedAt, appliedAt }) =>
          `${sequence} ${id}: ${kind} of ${subjectId}, accepted at ${acceptedAt}, ${appliedAt ? `applied at ${appliedAt}` : 'not applied yet'}`,
      )
      tell(options, answered, lines.length > 0 ? lines : ['the ledger is empty'])
    })

const verify = () =>
  asOperator(new Command('verify'))
    .description('check every link in both places, and that each correction has its sealed fields')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const answered = verified.parse(await askDesk(options, { operation: 'verify-ledger' }))
      const { entries, waiting, corrections } = answered
      tell(options, answered, [
        `the ledger is whole in both places: ${entries} entries, ${waiting} not applied yet, ${corrections} corrections`,
        ...(answered.head ? [`it ends with link ${answered.head.sequence}, ${answered.head.hash}`] : []),
      ])
    })

/** The words of a correction pass no desk: they are sealed where they are typed, under a key that whoever seals cannot open again. */
const seal = () =>
  new Command('seal')
    .argument('<file>', 'JSON with the corrected name, birthDate or phone')
    .description('seal the fields of a correction, for append --sealed; the sealed text goes to stdout')
    .requiredOption('--id <id>', 'the reference of the request, the only one that it can be appended under')
    .addOption(
      new Option('--target <target>', 'whose key seals: that of a local rehearsal, or of the recovery region')
        .choices(['local', 'aws'])
        .default('local'),
    )
    .addOption(
      new Option('--environment <name>', 'with --target aws: environment of the key').choices([...ENVIRONMENTS]),
    )
    .option('--preset <file>', 'JSON file that chooses the recovery region (default: the one cdk.json names)')
    .option('--folder <dir>', 'where the local target lies', '.recovery')
    .action(async (file: string, { id, ...options }: Sealing) => {
      const fields = jsonOf(file, await textOf(file))
      const keys = await refused(() => sealingKeys(options))
      process.stdout.write(`${await refused(() => sealCorrection(keys, id, fields))}\n`)
    })

interface Sealing extends Partial<PolicyOptions> {
  readonly id: string
  readonly target: 'local' | 'aws'
  readonly folder: string
}

async function sealingKeys({ target, folder, environment, preset }: Omit<Sealing, 'id'>): Promise<DataKeys> {
  if (target === 'local') return KeyWrapping.open(join(folder, 'keys', 'patient-data'))
  if (environment === undefined)
    throw new UserError('ENVIRONMENT_MISSING', 'no environment is named', 'add --environment, such as production')
  const { sealingKeysOf } = await import('../../adapters/aws/kms-data-keys')
  return sealingKeysOf(chosenPolicy({ environment, ...(preset !== undefined && { preset }) }), process.env)
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UserError('FILE_UNREADABLE', `'${file}' cannot be read`, 'name a file that is there', { cause: error })
  }
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Without the cause, which repeats what is inside.
    throw new UserError('FILE_NO_JSON', `'${file}' holds no JSON`, 'write the fields as one JSON object')
  }
}

function tell({ json }: Options, answered: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}
