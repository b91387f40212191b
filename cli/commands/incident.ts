import { Command } from 'commander'
import { z } from 'zod'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }

const listed = z.object({
  open: z.array(
    z.looseObject({
      id: z.string(),
      scenario: z.string(),
      severity: z.string(),
      guide: z.string(),
      openMinutes: z.number(),
    }),
  ),
})
const closed = z.object({ incident: z.string(), closedAt: z.string(), placesAway: z.number() })

/** `recovery incident`: what is open, and the end of it. */
export function incidentCommand(): Command {
  const list = asOperator(new Command('list'))
    .description('name the incidents that nobody has closed, oldest first')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const answered = listed.parse(await askDesk(options, { operation: 'list-incidents' }))
      const lines = answered.open.map(
        ({ id, severity, scenario, openMinutes, guide }) =>
          `${id}: ${severity}, ${scenario}, open for ${openMinutes} minutes; docs/runbooks/${guide}`,
      )
      tell(options, answered, lines.length > 0 ? lines : ['no incident is open'])
    })
  const close = asOperator(new Command('close'))
    .argument('<id>', 'the incident')
    .description('close an incident; how long it was open becomes evidence')
    .requiredOption('--cause <code>', 'a code of the cause that was found, such as NETWORK_CUT; no free text')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options & { cause: string }) => {
      const call = { operation: 'close-incident', id, causeCode: options.cause } as const
      const answered = closed.parse(await askDesk(options, call))
      tell(options, answered, closingLines(id, answered))
    })
  return new Command('incident').description('what is open, and the end of it').addCommand(list).addCommand(close)
}

export const closingLines = (id: string, { closedAt, placesAway }: z.infer<typeof closed>): readonly string[] => [
  `${id} was closed at ${closedAt}`,
  ...(placesAway > 0
    ? ['one of the two places gave no answer and may hold it open; close it again when that one is back']
    : []),
]

function tell({ json }: Options, answered: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}
