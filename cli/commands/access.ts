import { Command, Option } from 'commander'
import { z } from 'zod'
import type { DeskCall } from '../../core/access/desk'
import { ELEVATED_ROLES } from '../../core/access/human-roles'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }

/** What the desk answers, whatever was asked; a part that was not asked for is not there. */
const answerSchema = z.looseObject({
  expiresAt: z.string().optional(),
  kind: z.string().optional(),
  role: z.string().optional(),
  decision: z.string().optional(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }).optional(),
})
type Answered = z.infer<typeof answerSchema>

/** `recovery access`: a role for one task, asked for by one person, approved by another, open for minutes. */
export function accessCommand(): Command {
  const request = asOperator(new Command('request'))
    .argument('<id>', 'a name for the request, such as the incident and a number')
    .description('ask for a role that nobody holds by itself')
    .addOption(new Option('--role <role>', 'the role').choices(ELEVATED_ROLES).makeOptionMandatory())
    .requiredOption('--reference <id>', 'what it is for: an incident or a ticket, no free text')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options & { role: string; reference: string }) => {
      const { role, reference } = options
      tell(options, await call(options, { operation: 'request', id, role, reference }), ({ expiresAt }) => [
        `asked for ${role}; another person approves it with 'recovery access approve ${id}' until ${expiresAt}`,
      ])
    })
  const status = asOperator(new Command('status'))
    .argument('<id>', 'the request')
    .description('say how a request stands')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options) => {
      tell(options, await call(options, { operation: 'status', id }), ({ role, decision, expiresAt }) => [
        `${id}: ${role} is ${decision}, until ${expiresAt}`,
      ])
    })
  const open = asOperator(new Command('open'))
    .argument('<id>', 'the request')
    .description('open an approved role; prints credentials as lines for a shell, which nobody else may see')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options) => {
      tell(options, await call(options, { operation: 'open', id }), ({ credentials, expiresAt }) => [
        ...exportsOf(credentials),
        `# open until ${expiresAt}`,
      ])
    })
  return new Command('access')
    .description('a role for one task: asked for, approved by a second person, open for minutes')
    .addCommand(request)
    .addCommand(answer('approve'))
    .addCommand(answer('decline'))
    .addCommand(status)
    .addCommand(open)
}

/** One of the two answers to what another person asked for. */
const answer = (name: 'approve' | 'decline') =>
  asOperator(new Command(name))
    .argument('<id>', 'the request')
    .description(`${name} what another person asked for`)
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options) => {
      const answered = await call(options, { operation: 'answer', id, approve: name === 'approve' })
      tell(options, answered, ({ kind }) => [`${id} is ${kind}`])
    })

const call = async (options: Options, made: DeskCall): Promise<Answered> =>
  answerSchema.parse(await askDesk(options, made))

function tell({ json }: Options, answered: Answered, lines: (answered: Answered) => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines(answered).join('\n')}\n`)
}

/** For `eval`: what AWS's tools read. */
function exportsOf(credentials: Answered['credentials']): string[] {
  if (!credentials) return ['# a rehearsal opens nothing']
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return [
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    `export AWS_SESSION_TOKEN=${sessionToken}`,
  ]
}
