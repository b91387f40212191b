import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { campaign, type CampaignReport } from '../../chaos/campaign'
import { matricesOf, type Matrix } from '../../chaos/matrix'
import { realCampaign, realSchedules } from '../../chaos/real/campaign'
import { scheduleIn } from '../../chaos/real/run'
import { realScheduleSchema, type RealSchedule } from '../../chaos/real/schedule'
import { REACHES } from '../../chaos/unreachable'
import { UserError } from '../../core/user-error'
import { resolvePolicy } from '../../policy'

/** From so many runs on, every cell that can be reached has to be. */
const RUNS_OF_A_FULL_MATRIX = 10_000
const PROGRESS_EVERY = 500

const whole = (value: string): number => {
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError(`expected a whole number of at least 1, got '${value}'`)
  return number
}

interface ChaosOptions {
  readonly runs: number
  readonly seed: number
  readonly requireFullMatrix?: true
  readonly real?: true
  readonly replay?: string
  readonly json?: true
}

/** `recovery chaos`: runbooks under random faults in the memory world. Exits 1 for anything that must never be. */
export function chaosCommand(): Command {
  return new Command('chaos')
    .description('drive the runbooks through random faults, and judge each run by what must always hold')
    .option('--runs <count>', 'runs, each from a seed of its own', whole, 1_000)
    .option('--seed <number>', 'seed of the first run; the same seed is the same run', whole, 1)
    .option(
      '--require-full-matrix',
      `fail when a fault was not met at a step where it can be (always from ${RUNS_OF_A_FULL_MATRIX} runs on)`,
    )
    .option('--real', 'on a real PostgreSQL on this machine: about 20 seconds a run')
    .option('--replay <file>', 'with --real: the one schedule that a report holds, again')
    .option('--json', 'one JSON document on stdout')
    .action(async ({ runs, seed, requireFullMatrix, real, replay, json }: ChaosOptions) => {
      if (real) return answerReal(replay === undefined ? realSchedules(seed, runs) : [await stored(replay)], json)
      if (replay !== undefined)
        throw new UserError('REPLAY_NOT_REAL', `'${replay}' is a schedule of a real run`, 'add --real')
      const report = await campaign({ seed, runs }, (done, findings) => {
        if (done % PROGRESS_EVERY === 0 || done === runs)
          process.stderr.write(`${done} of ${runs} runs, ${findings} broke an invariant\n`)
      })
      const matrices = matricesOf(report.cells)
      const isFull = matrices.every(({ empty }) => empty.length === 0)
      const isListed = matrices.every(({ reachedAfterAll }) => reachedAfterAll.length === 0)
      const needsFull = requireFullMatrix === true || runs >= RUNS_OF_A_FULL_MATRIX
      const passed = report.findings.length === 0 && isListed && (isFull || !needsFull)
      process.stdout.write(
        json
          ? `${JSON.stringify({ verdict: passed ? 'pass' : 'fail', seed, ...report, cells: undefined, matrices, outOfReach: REACHES }, undefined, 2)}\n`
          : [...matrices.map(drawn), ...summary(report, matrices, needsFull), ''].join('\n'),
      )
      process.exitCode = passed ? 0 : 1
    })
}

/** Where the reports of real runs lie, each with its schedule and its evidence. */
const REAL_FOLDER = resolve('.recovery', 'chaos')

async function stored(file: string): Promise<RealSchedule> {
  const parsed = realScheduleSchema.safeParse(await scheduleIn(file).catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new UserError('REPLAY_FORM', `'${file}' holds no schedule of a real run`, 'name the schedule.json of a report')
}

async function answerReal(schedules: readonly RealSchedule[], json: true | undefined): Promise<void> {
  const reports = await realCampaign(
    schedules,
    { policy: resolvePolicy('production'), folder: REAL_FOLDER },
    ({ schedule, outcome, stoppedBy, loss, violations, seconds }) => {
      const lines = [
        `seed ${schedule.seed}: ${schedule.runbook}, ${schedule.replication}, ${schedule.fault}: ${outcome}${stoppedBy ? ` at ${stoppedBy}` : ''}, ${loss?.lost ?? '?'} of ${loss?.acknowledged ?? '?'} lost, ${seconds.toFixed(1)} s`,
        ...violations.map(({ invariant, what }) => `BROKEN   ${invariant}: ${what}`),
      ]
      process.stderr.write(`${lines.join('\n')}\n`)
    },
  )
  const broken = reports.filter(({ violations }) => violations.length > 0).length
  process.stdout.write(
    json
      ? `${JSON.stringify({ verdict: broken === 0 ? 'pass' : 'fail', reports }, undefined, 2)}\n`
      : `${reports.length} real runs, ${broken} broke an invariant; their schedules are in ${REAL_FOLDER}\n`,
  )
  process.exitCode = broken === 0 ? 0 : 1
}

const shown = (runs: number | null): string => (runs === null ? '.' : String(runs)).padStart(6)

/** Most first. */
const counts = (of: Readonly<Record<string, number>>): string[] =>
  Object.entries(of)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, times]) => `${String(times).padStart(6)}  ${what}`)

function drawn({ runbook, cursors, rows }: Matrix): string {
  const width = Math.max(...rows.map(({ kind }) => kind.length))
  return [
    `${runbook}: runs in which a fault was met at a step ('.': it cannot be, and why is in the JSON report)`,
    ...cursors.map((cursor, at) => `${''.padEnd(width)} ${String(at + 1).padStart(2)} ${cursor}`),
    `${''.padEnd(width)} ${cursors.map((_, at) => String(at + 1).padStart(6)).join('')}`,
    ...rows.map(({ kind, runs }) => `${kind.padEnd(width)} ${runs.map(shown).join('')}`),
    '',
  ].join('\n')
}

function summary(
  { runs, outcomes, stops, findings }: CampaignReport,
  matrices: readonly Matrix[],
  needsFull: boolean,
): string[] {
  const wrong = [
    ...findings.flatMap(({ schedule, violations }) => [
      ...violations.map(({ invariant, what }) => `BROKEN   ${invariant}: ${what} (${schedule.scenario})`),
      `         again: recovery chaos --runs 1 --seed ${schedule.seed}`,
    ]),
    ...matrices.flatMap(({ reachedAfterAll }) =>
      reachedAfterAll.map((cell) => `REACHED  ${cell}, although out of reach`),
    ),
    ...(needsFull ? matrices.flatMap(({ empty }) => empty.map((cell) => `EMPTY    ${cell}`)) : []),
  ]
  return [...counts(outcomes), ...counts(stops), ...wrong, `${runs} runs, ${findings.length} broke an invariant`]
}
