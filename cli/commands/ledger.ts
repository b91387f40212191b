import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { KeyWrapping } from '../../adapters/local/key-wrapping'
import { sealCorrection } from '../../core/coordination/corrections'
import { LEDGER_KINDS } from '../../core/ports/database'
import { UserError } from '../../core/user-error'
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

/** In AWS the application seals, which holds the right to the key; the words of a correction pass no desk. */
const seal = () =>
  new Command('seal')
    .argument('<file>', 'JSON with the corrected name, birthDate or phone')
    .description('seal the fields of a correction with the key of a local rehearsal; the sealed text goes to stdout')
    .requiredOption('--id <id>', 'the reference of the request, the only one that it can be appended under')
    .option('--folder <dir>', 'where the local target lies', '.recovery')
    .action(async (file: string, { id, folder }: { readonly id: string; readonly folder: string }) => {
      const keys = await KeyWrapping.open(join(folder, 'keys', 'patient-data'))
      const fields = jsonOf(file, await textOf(file))
      process.stdout.write(`${await refused(() => sealCorrection(keys, id, fields))}\n`)
    })

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
