import {
  atMost,
  exactly,
  projectRollback,
  type Objective,
  type PhaseSpan,
  type Projection,
} from '../../core/measurement'
import type { CarriedPlan } from '../../core/runbook/rollback/planned'
import { FIRST_RELEASE } from '../../adapters/local/deployments/clinic-releases'
import { readEvents } from '../logs'
import { portOf, type Act, type Played } from './act'
import { oneOperator, type ThereAndBack } from './there-and-back'
import { absentOf, withoutChannel, writtenIn } from './written-rows'

export interface PlayedReleases {
  readonly settings: Act
  readonly program: Act
  readonly all: Act
  readonly again: ThereAndBack
}

interface Judgement {
  readonly phases: PhaseSpan[]
  readonly projection: Projection
  readonly targetSeconds: number
  readonly objectives: Objective[]
  readonly counted: Readonly<Record<string, number>>
}

/** Each rollback against its own budget, here and at production's pace, and every row that a bad release wrote. */
export async function judgeDeploymentFailure(
  { stage, platform, log }: Played,
  { settings, program, all, again }: PlayedReleases,
): Promise<Judgement> {
  const { world, size } = stage
  const { policy } = size
  const { downtimeSeconds, detectWithinSeconds } = policy.rehearsal.badRelease
  const written = await writtenIn(readEvents(log))
  const byBad = written.by(all.release.tag)
  const [absent, lostChannel] = await world.withInstance(world.primary, async (client) => [
    await absentOf(client, written.all),
    await withoutChannel(client, byBad, 'set-aside'),
  ])
  const acts = [
    ['config-only', settings],
    ['partial', program],
    ['full', all],
  ] as const
  const budgetOf = (type: (typeof acts)[number][0]) => policy.rollbacks[type].downtimeMinutes.atMost * 60
  const projections = acts.map(([type, { run }]) => ({ type, projection: projectRollback(policy, putBackBy(run)) }))
  return {
    phases: phasesOf(all),
    projection: projections.at(-1)!.projection,
    targetSeconds: budgetOf('full'),
    counted: {
      ...Object.fromEntries(acts.map(([type, { seen }]) => [`${type}FailedRequests`, seen?.failed ?? 0])),
      writtenByBadRelease: byBad.length,
    },
    objectives: [
      ...acts.map(([type, { noticedSeconds, seen }]) =>
        atMost(
          `failing requests noticed before a ${type} rollback, seconds`,
          detectWithinSeconds,
          seen && Math.max(0, noticedSeconds - seen.fromSeconds),
        ),
      ),
      ...acts.map(([type, { run, seen }]) =>
        atMost(
          `downtime of clients since a ${type} rollback was applied, seconds`,
          downtimeSeconds[type],
          run.outcome === 'succeeded' ? seen?.sinceAppliedSeconds : undefined,
        ),
      ),
      ...projections.map(({ type, projection }) =>
        atMost(`${type} rollback at production's pace, seconds`, budgetOf(type), projection.totalSeconds),
      ),
      ...acts.map(([type, { run }]) => exactly(`${type} rollback`, 'succeeded', run.stoppedBy?.code ?? run.outcome)),
      exactly('data after the full rollback', 'pass', verdictOf(all)),
      exactly('validation of compliance after the full rollback', 'done', all.run.steps['validate-compliance']?.status),
      // A release that nobody used proves nothing about what it wrote.
      exactly('invoices were written by the bad release', 'yes', byBad.length > 0 ? 'yes' : 'no'),
      atMost('acknowledged invoices that are absent', 0, absent),
      atMost('rows of the bad release of which something is neither in place nor set aside', 0, lostChannel),
      exactly('rollback of the rollback', 'succeeded', again.there.stoppedBy?.code ?? again.there.outcome),
      atMost('rows of the bad release that did not come back with it', 0, again.notBack),
      oneOperator(again),
      exactly('version that the program says it is', FIRST_RELEASE, await shownVersion(portOf(platform, 'api'))),
    ],
  }
}

const putBackBy = ({ steps }: Act['run']): string[] =>
  ((steps['assess']?.output as unknown as CarriedPlan | undefined)?.changes ?? []).map(({ name }) => name)

const verdictOf = ({ run }: Act): string | undefined =>
  (run.steps['validate']?.output as { readonly verdict?: string } | undefined)?.verdict

/** Noticed, put back, served again: the phases of the outage that a rollback has. */
function phasesOf({ struck, noticedSeconds, run, seen }: Act): PhaseSpan[] {
  const sinceFault = (at: string | undefined) =>
    at === undefined ? undefined : (Date.parse(at) - Date.parse(struck.at)) / 1000
  const putBack = sinceFault(run.steps['put-back']?.finishedAt)
  const ends = [
    ['detect', noticedSeconds],
    ['switch', putBack],
    ['reconnect', seen?.toSeconds],
  ] as const
  const spans: PhaseSpan[] = []
  let from = 0
  for (const [phase, end] of ends) {
    if (end === undefined) break
    const to = Math.max(from, end)
    spans.push({ phase, fromSeconds: from, toSeconds: to })
    from = to
  }
  return spans
}

async function shownVersion(port: number): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/version`)
  return response.ok ? ((await response.json()) as { readonly version: string }).version : undefined
}
