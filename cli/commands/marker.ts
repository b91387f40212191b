import { Command } from 'commander'
import { z } from 'zod'
import { UserError } from '../../core/user-error'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly database?: string; readonly json?: true }

const marked = z.object({
  name: z.string(),
  at: z.string(),
  position: z.string().optional(),
  transaction: z.string().optional(),
  placesAway: z.number(),
})

/** `recovery marker`: moments to which a recovery can be told to return by name. */
export function markerCommand(): Command {
  const set = asOperator(new Command('set'))
    .argument('<name>', 'how the moment is called, such as release-7')
    .description('mark this moment, before something may go wrong; the same name again moves its mark')
    .option('--database <file>', 'JSON with endpoint and login of a database of this machine that is marked too')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: Options) => {
      if (options.target === 'aws' && options.database !== undefined)
        throw new UserError(
          'DATABASE_NOT_LOCAL',
          'in AWS the desk marks by its clock, since RDS restores by time alone',
          'leave --database out',
        )
      const answered = marked.parse(await askDesk(options, { operation: 'set-marker', name }))
      const { at, position, placesAway } = answered
      const lines = [
        `${name} marks ${at} (UTC)${position === undefined ? '' : `, log position ${position}`}`,
        ...(placesAway > 0 ? ['one of the two places gave no answer; set it again when that one is back'] : []),
      ]
      process.stdout.write(options.json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines.join('\n')}\n`)
    })
  return new Command('marker').description('moments to which a recovery can return by name').addCommand(set)
}
