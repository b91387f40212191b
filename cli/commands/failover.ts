import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { z } from 'zod'
import { planSchema, type FailoverPlan } from '../../core/runbook/plan/failover-plan'
import { UserError } from '../../core/user-error'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }
type Planned = Options & { readonly incident: string; readonly reason: string; readonly out?: string }

const applied = z.object({ id: z.string(), started: z.boolean() })

/** `recovery failover`: look before it acts, then act on what was seen or not at all. */
export function failoverCommand(): Command {
  return new Command('failover')
    .description('plan a failover to the recovery region, and start it from the plan')
    .addCommand(plan())
    .addCommand(apply())
}

const plan = () =>
  asOperator(new Command('plan'))
    .description('look at everything that a failover would touch, and change nothing')
    .requiredOption('--incident <id>', 'the incident it answers')
    .requiredOption('--reason <code>', 'a code such as REGION_LOST; no free text')
    .option('--out <file>', 'write the plan to a file, which can be applied')
    .option('--json', 'print the plan as one JSON document')
    .action(async (options: Planned) => {
      const { incident, reason, out } = options
      const made = planSchema.parse(
        await askDesk(options, { operation: 'plan-failover', incident, reasonCode: reason }),
      )
      const text = `${JSON.stringify(made, undefined, 2)}\n`
      if (out !== undefined) await write(out, text)
      process.stdout.write(options.json ? text : `${planLines(made, out).join('\n')}\n`)
    })

const apply = () =>
  asOperator(new Command('apply'))
    .argument('<plan>', 'file of the plan')
    .description('start the failover of a plan, if everything is still as it was planned on')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: Options) => {
      const answered = applied.parse(await askDesk(options, { operation: 'apply-plan', plan: await planIn(file) }))
      const { id, started } = answered
      const lines = [
        started ? `${id} is started (real)` : `${id} was started before (real)`,
        `see what it asks with 'recovery runbook status ${id}'; another person answers with 'recovery approve ${id} --step decide'`,
      ]
      process.stdout.write(options.json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines.join('\n')}\n`)
    })

/** The plan as a person reads it before somebody applies it. */
function planLines(made: FailoverPlan, out: string | undefined): readonly string[] {
  const { expectedLossSeconds: loss } = made
  return [
    `Plan of a failover (${made.runbook}, ${made.environment}) for ${made.incident}, ${made.reasonCode}`,
    `made at ${made.createdAt}, to be applied until ${made.expiresAt}`,
    `hash ${made.hash}`,
    '',
    loss === null
      ? 'Expected loss: unknown, no heartbeat was seen'
      : `Expected loss: the last ${loss.toFixed(1)} seconds, if it started now`,
    '',
    'It rests on:',
    ...Object.entries(made.facts).map(([name, value]) => `- ${name}: ${value ?? 'nothing'}`),
    '',
    'Steps, in this order:',
    ...made.steps.flatMap(({ title, approval, undo, isSeen, precondition }, at) => [
      `${at + 1}. ${title}`,
      `   ${isSeen ? 'Seen' : 'NOT SEEN'}: ${precondition}`,
      `   Approval: ${approval}`,
      `   Undo: ${undo}`,
    ]),
    '',
    out === undefined
      ? 'Nothing was changed. To apply it, make it again with --out <file>.'
      : `Nothing was changed. Apply it with 'recovery failover apply ${out}'.`,
  ]
}

async function planIn(file: string): Promise<FailoverPlan> {
  const parsed = planSchema.safeParse(await jsonIn(file))
  if (parsed.success) return parsed.data
  throw new UserError(
    'PLAN_FORM',
    `'${file}' is no plan of this version: ${parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')}`,
    "make a new one with 'recovery failover plan --out <file>'",
  )
}

async function jsonIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new UserError('FILE_UNREADABLE', `'${file}' cannot be read as JSON`, 'name the file of a plan', {
      cause: error,
    })
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new UserError('FILE_NOT_WRITTEN', `'${file}' cannot be written`, 'name a file in a folder that is there', {
      cause: error,
    })
  }
}
