import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../adapters/local/clock'
import { folderControls } from '../adapters/local/folder-controls'
import { requireStandingWorld } from '../adapters/local/standing-world'
import { standingPorts } from '../adapters/local/standing-ports'
import { loadRun } from '../core/coordination/run-journal'
import type { Json } from '../core/json'
import type { Reporter } from '../core/ports/reporter'
import { rollbackResultOf, rollbackResultSchema, type RollbackResult } from '../core/release/rollback-result'
import { rollbackReport } from '../core/reporting'
import { drive } from '../core/runbook/engine'
import type { RunState } from '../core/runbook/model'
import { rollback } from '../core/runbook/rollback'
import type { RollbackInput } from '../core/runbook/rollback/input'
import { askDesk } from './desk'
import { operatorWorld, refused, type OperatorOptions } from './operator'
import { withProgress } from './progress'
import { watchRollback } from './watch-rollback'

/** How a rollback ended. */
export interface Followed {
  readonly outcome: RunState['outcome']
  readonly verdict: RollbackResult['verdict']
  readonly document: object
  readonly lines: readonly string[]
}

const applied = z.object({ id: z.string(), incident: z.string(), started: z.boolean() })

/** Goes with a rollback that was applied to its end, with the clock of its budget. On this machine it also drives it. */
export async function followRollback(
  options: OperatorOptions,
  answer: Json,
  budgetSeconds: number,
  asDocument: boolean,
): Promise<Followed> {
  const { id, incident } = applied.parse(answer)
  const title = `Rollback ${id}, for incident ${incident}`
  return withProgress(title, !asDocument, (reporter) => {
    const clocked = withClock(reporter, budgetSeconds, { id, environment: options.environment })
    return options.target === 'aws' ? watched(options, id, clocked) : driven(options, id, clocked)
  })
}

/** What is said of a step that asks somebody. */
const waiting = z.object({ step: z.string(), status: z.literal('awaiting-approval') })

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

/** Says with everything how much of the budget is used; nothing twice in a row. */
function withClock(reporter: Reporter, budgetSeconds: number, { id, environment }: About): Reporter {
  const beganMs = performance.now()
  let last = ''
  return {
    emit: (message) => {
      if (message.text === last) return
      last = message.text
      const used = `[${clock((performance.now() - beganMs) / 1000)} of ${clock(budgetSeconds)}]`
      reporter.emit({ ...message, text: `${used} ${message.text}` })
      const waits = waiting.safeParse(message.data)
      if (!waits.success) return
      // A line of its own, so that a terminal does not break the command.
      for (const text of [
        'another person answers with:',
        `recovery approve ${id} --step ${waits.data.step} --environment ${environment}`,
      ])
        reporter.emit({ code: 'ROLLBACK_ASKS', text })
    },
  }
}

interface About {
  readonly id: string
  readonly environment: string
}

async function driven(options: OperatorOptions, id: string, reporter: Reporter): Promise<Followed> {
  const standing = await requireStandingWorld(options.folder)
  const { policy, evidence, places } = await operatorWorld(options)
  const reports = reportsIn(options.folder)
  await mkdir(reports, { recursive: true })
  const ports = {
    ...(await standingPorts(standing, policy, evidence, reporter, reports)),
    controls: folderControls({ policy, folder: options.folder, assembly: join('cdk.out', policy.environment) }),
  }
  const run = await refused(async () => {
    const entered = (await loadRun<RollbackInput>(places.recovery, id))!
    const { mode, startedBy, input } = entered
    return drive(rollback, ports, { runId: id, mode, startedBy, input })
  })
  return ended(options, rollbackResultOf(rollback, run))
}

/** The same from either target: the report of a run in AWS is written where whoever followed it is. */
async function ended({ folder }: OperatorOptions, result: RollbackResult): Promise<Followed> {
  const reports = reportsIn(folder)
  await mkdir(reports, { recursive: true })
  const path = join(reports, `${result.run}.html`)
  await writeFile(path, rollbackReport(result))
  await writeFile(join(reports, `${result.run}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  return {
    outcome: result.outcome,
    verdict: result.verdict,
    document: { ...result, report: path },
    lines: told(result, path),
  }
}

const reportsIn = (folder: string): string => join(folder, 'reports')

function told(result: RollbackResult, report: string): string[] {
  const { run, outcome, seconds, budgetSeconds, releases, setAside, stoppedBy, left, continuation, evidence } = result
  return [
    outcome === 'succeeded'
      ? `${run}: everything serves again after ${seconds?.toFixed(1)} s (budget ${budgetSeconds} s), recorded as release ${releases.recorded}`
      : `${run} is stopped by ${stoppedBy?.code} in ${stoppedBy?.step}`,
    ...(left ? [LEFT[left.stands](left.components.join(', '))] : []),
    ...asideLines(setAside),
    ...(continuation?.byHand ?? []).map(({ step, doThis }, at) => `  ${at + 1}. ${step}: ${doThis}`),
    ...(evidence ? [`evidence: record ${evidence.sequence}, ${evidence.hash}`] : []),
    `report: ${report}`,
  ]
}

/** What a run that stopped has changed. */
const LEFT: Readonly<Record<NonNullable<RollbackResult['left']>['stands'], (names: string) => string>> = {
  'as-before': () => 'this run has left nothing changed',
  'half-done': (names) => `half done: ${names} may not be in force as before, and the run could not see to it`,
  'put-back': (names) => `put back: ${names}`,
}

function asideLines(setAside: RollbackResult['setAside']): string[] {
  if (!setAside)
    return ['nobody has listed the data that had no place any more: ask each migration that was taken back']
  const { tables, more } = setAside
  return [
    ...tables.map(({ table, rows, how, where }) => `${rows} rows of ${table} are ${how} in ${where}`),
    ...(more > 0 ? [`and rows of ${more} more tables`] : []),
  ]
}

/** What a machine in AWS drives is looked at from here until it has ended. */
async function watched(options: OperatorOptions, id: string, reporter: Reporter): Promise<Followed> {
  const answer = await watchRollback(id, { ask: (call) => askDesk(options, call), clock: systemClock, reporter })
  return ended(options, rollbackResultSchema.parse(answer))
}
