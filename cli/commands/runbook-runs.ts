import { Argument, Command, Option } from 'commander'
import { z } from 'zod'
import type { DeskCall } from '../../core/access/desk'
import type { RestoreTarget } from '../../core/ports/restore'
import { MODES_AT_DESK, STARTED_AT_DESK } from '../../core/runbook/run-desk'
import { UserError } from '../../core/user-error'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }
type Started = Options & {
  readonly id: string
  readonly mode: (typeof MODES_AT_DESK)[number]
  readonly incident: string
  readonly reason: string
  readonly region?: 'primary' | 'recovery'
  readonly at?: string
  readonly beforeTransaction?: string
  readonly beforeMarker?: string
}

const started = z.looseObject({ id: z.string(), mode: z.string(), started: z.boolean() })
const decided = z.looseObject({ kind: z.string() })
const status = z.looseObject({
  runbook: z.string(),
  mode: z.string(),
  outcome: z.string(),
  at: z.string(),
  stoppedBy: z.object({ step: z.string(), code: z.string() }).optional(),
  waitsFor: z
    .object({
      step: z.string(),
      question: z.string(),
      expiresAt: z.string(),
      decision: z.string(),
    })
    .optional(),
  continuation: z
    .looseObject({
      direction: z.enum(['forward', 'start-over', 'undo-by-hand']),
      byHand: z.array(z.object({ step: z.string(), doThis: z.string() })),
    })
    .optional(),
})

const DIRECTIONS = {
  forward: 'a step that cannot be undone has begun; go forward by hand:',
  'start-over': 'nothing of it stands; mend this, then start a new run:',
  'undo-by-hand': 'not everything could be undone; undo by hand:',
} as const

/** Commands on runs: one person starts, another answers. The desk in the recovery region needs nothing of the primary one. */
export const runCommands = (): readonly Command[] => [
  start(),
  answerCommand('approve'),
  answerCommand('decline'),
  stands(),
]

const start = () =>
  asOperator(new Command('start'))
    .addArgument(new Argument('<runbook>', 'the runbook').choices(STARTED_AT_DESK))
    .description('start a runbook; a real one asks a second person before it changes anything')
    .requiredOption('--id <id>', 'a name for the run, such as the incident and a number')
    .addOption(
      new Option('--mode <mode>', 'dry-run only plans, real is real').choices(MODES_AT_DESK).makeOptionMandatory(),
    )
    .requiredOption('--incident <id>', 'the incident it answers')
    .requiredOption('--reason <code>', 'a code such as REGION_LOST; no free text')
    .option('--at <time>', 'restore to this time, in ISO 8601 with its offset')
    .option('--before-transaction <number>', 'restore to just before this transaction')
    .option('--before-marker <name>', 'restore to just before this marker was set')
    .addOption(new Option('--region <role>', 'region whose account is put right').choices(['primary', 'recovery']))
    .option('--json', 'print one JSON document')
    .action(async (runbook: (typeof STARTED_AT_DESK)[number], options: Started) => {
      const { id, mode, incident, reason, region } = options
      const target = targetOf(options)
      const call = {
        operation: 'start-run',
        id,
        runbook,
        mode,
        incident,
        reasonCode: reason,
        ...(target && { target }),
        ...(region && { region }),
      } as const
      const answered = started.parse(await askDesk(options, call))
      tell(options, answered, () => [
        answered.started ? `${id} is started (${mode})` : `${id} was started before (${mode})`,
        ...(mode === 'real' ? [`see what it asks with 'recovery runbook status ${id}'`] : []),
      ])
    })

/** Throws UserError where more than one is named: which of them was meant, nobody may guess. */
function targetOf({ at, beforeTransaction, beforeMarker }: Started): RestoreTarget | undefined {
  const named: RestoreTarget[] = [
    ...(at === undefined ? [] : [{ kind: 'time', at } as const]),
    ...(beforeTransaction === undefined ? [] : [{ kind: 'transaction', id: beforeTransaction } as const]),
    ...(beforeMarker === undefined ? [] : [{ kind: 'marker', name: beforeMarker } as const]),
  ]
  if (named.length > 1)
    throw new UserError(
      'TWO_TARGETS',
      `${named.length} moments to restore to were named`,
      'name one of --at, --before-transaction and --before-marker',
    )
  return named[0]
}

/** `recovery approve` and `recovery decline`, also below `recovery runbook`. */
export const answerCommand = (name: 'approve' | 'decline'): Command =>
  asOperator(new Command(name))
    .argument('<id>', 'the run')
    .description(`${name} what a run of another person asks`)
    .requiredOption('--step <step>', "the step that asks, as 'recovery runbook status' names it")
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options & { step: string }) => {
      const { step } = options
      const call: DeskCall = { operation: 'answer-run', id, step, approve: name === 'approve' }
      const answered = decided.parse(await askDesk(options, call))
      tell(options, answered, () => [`step ${step} of ${id} is ${answered.kind}`])
    })

const stands = () =>
  asOperator(new Command('status'))
    .argument('<id>', 'the run')
    .description('say how a run stands, and what it waits for')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: Options) => {
      const answered = status.parse(await askDesk(options, { operation: 'run-status', id }))
      const { runbook, mode, outcome, at, stoppedBy, waitsFor, continuation } = answered
      tell(options, answered, () => [
        `${id}: ${runbook} (${mode}) is ${outcome}${stoppedBy ? `, stopped by ${stoppedBy.code} in ${stoppedBy.step}` : `, at ${at}`}`,
        ...(waitsFor
          ? [
              `step ${waitsFor.step} asks: ${waitsFor.question}`,
              waitsFor.decision === 'pending'
                ? `another person answers with 'recovery runbook approve ${id} --step ${waitsFor.step}' until ${waitsFor.expiresAt}`
                : `it is ${waitsFor.decision}`,
            ]
          : []),
        ...(continuation
          ? [
              DIRECTIONS[continuation.direction],
              ...continuation.byHand.map(({ step, doThis }, index) => `  ${index + 1}. ${step}: ${doThis}`),
            ]
          : []),
      ])
    })

function tell({ json }: Options, answered: object, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines().join('\n')}\n`)
}
