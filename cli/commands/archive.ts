import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { disposalOrderSchema } from '../../core/archive/disposal-order'
import { UserError } from '../../core/user-error'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'
import { readBackCommand } from './archive-read-back'

type Options = OperatorOptions & { readonly json?: true }

const answerSchema = z.looseObject({ decision: z.string().optional(), kind: z.string().optional() })

/** `recovery archive`: what of the archive is to be destroyed, recorded, approved by two people, carried out; and read back. */
export function archiveCommand(): Command {
  const order = asOperator(new Command('order'))
    .argument('<file>', 'JSON file: id, dataClass, keys, lastEntryAt, commissionReference')
    .description('record a disposal and ask two other people for their approval')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: Options) => {
      const wanted = await readOrderFile(file)
      await tell(options, wanted.id, { operation: 'order-disposal', ...wanted })
    })
  const status = asOperator(new Command('status'))
    .argument('<id>', 'the disposal')
    .description('say how a disposal stands')
    .option('--json', 'print one JSON document')
    .action((id: string, options: Options) => tell(options, id, { operation: 'disposal-status', id }))
  const carryOut = asOperator(new Command('carry-out'))
    .argument('<id>', 'the disposal')
    .description('destroy what an approved disposal names, in the archive of one region; cannot be undone')
    .addOption(new Option('--region <role>', 'which archive').choices(['primary', 'recovery']).makeOptionMandatory())
    .requiredOption('--confirm <id>', 'the id of the disposal once more: nothing brings back what is destroyed')
    .option('--json', 'print one JSON document')
    .action(carryOutIn)
  return new Command('archive')
    .description(
      'what of the archive is to be destroyed: recorded, approved by two people, carried out; and whether it can be read',
    )
    .addCommand(order)
    .addCommand(answer('approve'))
    .addCommand(answer('decline'))
    .addCommand(status)
    .addCommand(carryOut)
    .addCommand(readBackCommand())
}

const answer = (name: 'approve' | 'decline') =>
  asOperator(new Command(name))
    .argument('<id>', 'the disposal')
    .description(`${name} what another person ordered to destroy`)
    .option('--json', 'print one JSON document')
    .action((id: string, options: Options) =>
      tell(options, id, { operation: 'answer-disposal', id, approve: name === 'approve' }),
    )

async function tell(options: Options, id: string, call: Parameters<typeof askDesk>[1]): Promise<void> {
  const answered = answerSchema.parse(await askDesk(options, call))
  const stands = answered.decision ?? answered.kind ?? 'unknown'
  process.stdout.write(
    options.json ? `${JSON.stringify({ id, ...answered }, undefined, 2)}\n` : `disposal ${id} is ${stands}\n`,
  )
}

async function carryOutIn(
  id: string,
  options: Options & { region: 'primary' | 'recovery'; confirm: string },
): Promise<void> {
  if (options.confirm !== id)
    throw new UserError(
      'CONFIRMATION_MISSING',
      `--confirm says '${options.confirm}', not '${id}'`,
      'repeat the id of the disposal',
    )
  if (options.target === 'local')
    throw new UserError(
      'NO_ARCHIVE',
      'a local target has no archive',
      'use --target aws; a rehearsal ends with the approval',
    )
  const { carryOutDisposal } = await import('../../adapters/aws/disposal-client')
  const { chosenPolicy } = await import('../chosen-policy')
  const { refused } = await import('../operator')
  const { versions } = await refused(() => carryOutDisposal(chosenPolicy(options), process.env, options.region, id))
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ id, region: options.region, versions }, undefined, 2)}\n`
      : `disposal ${id}: ${versions} versions destroyed in the ${options.region} region\n`,
  )
}

async function readOrderFile(file: string) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError('ORDER_UNREADABLE', `cannot read '${file}'`, 'name a JSON file that exists', { cause: error })
  })
  const parsed = disposalOrderSchema.omit({ requestedBy: true }).safeParse(fromJson(text))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
  throw new UserError('ORDER_FORM', `'${file}' is no disposal: ${problems.join('; ')}`, 'change what is named')
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
