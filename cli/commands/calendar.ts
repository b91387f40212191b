import { Command, Option } from 'commander'
import pc from 'picocolors'
import { attest } from '../../core/calendar/attest'
import { overdue, type Overdue } from '../../core/calendar/overdue'
import { ATTESTED_OUTCOMES, tasks, type Task } from '../../core/calendar/task'
import { asOperator, operatorWorld, refused, type OperatorOptions } from '../operator'

type Listed = Task & { readonly task: string; readonly overdue: boolean }

/** `recovery calendar`: what the procedure asks for again and again, and the word of those who did it. */
export function calendarCommand(): Command {
  const list = asOperator(new Command('tasks'))
    .description('what has come due and is not attested; exits 1 while something is overdue')
    .option('--all', 'attested tasks too')
    .option('--json', 'print one JSON document')
    .action(async (options: OperatorOptions & { all?: true; json?: true }) => {
      const { policy, places, clock } = await operatorWorld(options)
      const now = clock.now()
      const known = await refused(() => tasks(places, now))
      const late = overdue(policy, known, now)
      const listed = [...known]
        .filter(([, { attested }]) => options.all || !attested)
        .map(([task, value]): Listed => ({ task, ...value, overdue: late.some((other) => other.task === task) }))
        .toSorted((a, b) => a.dueAt.localeCompare(b.dueAt))
      const missed = late.filter(({ why }) => why === 'never-opened')
      process.stdout.write(options.json ? json({ tasks: listed, neverOpened: missed }) : render(listed, missed))
      if (late.length > 0) process.exitCode = 1
    })
  const attestation = asOperator(new Command('attest'))
    .argument('<task>', "id of the task, as 'recovery calendar tasks' lists it")
    .description('say how an activity ended; leaves evidence, and cannot be changed')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(ATTESTED_OUTCOMES).makeOptionMandatory())
    .requiredOption('--reference <id>', 'where the result is kept, such as a ticket or the id of evidence')
    .option('--json', 'print one JSON document')
    .action(
      async (
        task: string,
        options: OperatorOptions & { outcome: (typeof ATTESTED_OUTCOMES)[number]; reference: string; json?: true },
      ) => {
        const world = await operatorWorld(options)
        const { outcome, reference } = options
        const done = await refused(() => attest(world, { task, outcome, reference }))
        process.stdout.write(
          options.json ? json({ task, ...done }) : `${pc.green('attested')} ${task}: ${outcome}, see ${reference}\n`,
        )
      },
    )
  return new Command('calendar')
    .description('activities that come due again and again')
    .addCommand(list)
    .addCommand(attestation)
}

const json = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`

function render(listed: readonly Listed[], missed: readonly Overdue[]): string {
  const state = ({ attested, overdue: late }: Listed): string =>
    attested ? pc.green(attested.outcome) : late ? pc.red('overdue') : pc.yellow('open')
  return [
    ...missed.map(({ task, owner }) => `${pc.red('never opened')} ${task}, owner: ${owner}; look at its schedule`),
    ...listed.map((task) => `${state(task)} ${task.task}, due ${task.dueAt}, owner: ${task.owner}`),
    ...(listed.length + missed.length === 0 ? ['nothing is due'] : []),
    '',
  ].join('\n')
}
