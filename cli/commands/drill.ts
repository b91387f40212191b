import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { DrillResult } from '../../core/measurement'
import { assertFeasible, withRecoveryRegion, type TwoRegionPolicy } from '../../core/policy'
import { campaign, type Fault } from '../../drills/campaign'
import { dataCorruption, type DataCorruptionOptions } from '../../drills/data-corruption'
import { databaseFailure } from '../../drills/database-failure'
import { deploymentFailure } from '../../drills/deployment-failure'
import { quietRun } from '../../drills/quiet'
import { regionalOutage } from '../../drills/regional-outage'
import { securityIncident } from '../../drills/security-incident'
import { resolvePolicy } from '../../policy'
import { chosenPolicy } from '../chosen-policy'
import { withProgress } from '../progress'
import { fullDrCommand } from './full-dr'
import { complianceViolationCommand } from './drill-compliance'
import { weeklyRestoresCommand } from './drill-weekly'
import { closeDrillCommand, openDrillsCommand } from './drill-lessons'

const whole = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError(`expected a whole number of at least 1, got '${value}'`)
  return number
}
const secondsOf = (value: string): number => {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError(`expected seconds, 0 or more, got '${value}'`)
  return number
}

const millisecondsOf = (value: string): number => {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0 || number > 1000)
    throw new InvalidArgumentError(`expected milliseconds from 0 to 1000, got '${value}'`)
  return number
}

const FAULTS: readonly Fault[] = ['process', 'host', 'hang', 'partition']
const faultsOf = (value: string): readonly Fault[] =>
  value.split(',').map((name) => {
    const fault = FAULTS.find((known) => known === name.trim())
    if (!fault) throw new InvalidArgumentError(`expected some of ${FAULTS.join(',')}, got '${name}'`)
    return fault
  })

interface DrillOptions {
  readonly preset?: string
  readonly fault: Fault
  readonly replication: 'sync' | 'async'
  readonly rows: number
  readonly clients: number
  readonly replayPaused: number
  readonly failback: boolean
  readonly controls: boolean
  readonly assembly?: string
  readonly latency: number
  readonly json?: true
}

interface DatabaseFailureCommandOptions extends Pick<DrillOptions, 'preset' | 'rows' | 'clients' | 'json'> {
  readonly fault: 'process' | 'hang'
}

interface CampaignCommandOptions extends Pick<DrillOptions, 'preset' | 'replication' | 'rows' | 'clients' | 'json'> {
  readonly faults: readonly Fault[]
  readonly runs: number
}

/** Where reports, evidence and keys of drills lie. */
const folder = resolve('.recovery')

/** `recovery drill <scenario>`: rehearse, measure, judge. Exits 0 only if every objective holds. */
export function drillCommand(): Command {
  const { workload, quiet, distance, campaign: repeated } = resolvePolicy('production').rehearsal
  const replication = new Option('--replication <mode>', 'how the replica follows')
    .choices(['async', 'sync'])
    .default('async')
  const sized = (command: Command): Command =>
    command
      .option('--rows <patients>', 'patients to seed', whole, workload.rows)
      .option('--clients <count>', 'clients that write', whole, workload.clients)
      .option('--preset <file>', 'JSON file that chooses another recovery region')
      .option('--json', 'one JSON document on stdout')
  const drills = [
    sized(new Command('regional-outage'))
      .description('the primary region is lost; the replica takes over')
      .addOption(new Option('--fault <kind>', 'what happens to the region').choices(FAULTS).default('host'))
      .addOption(replication)
      .option('--replay-paused <seconds>', 'hold the replica back before the fault', secondsOf, 0)
      .option(
        '--latency <ms>',
        'simulated distance between the regions, there and back; 0 for none',
        millisecondsOf,
        distance.roundTripMs,
      )
      .option('--no-failback', 'end with the recovery region serving')
      .option('--no-controls', 'validate no control of compliance in the recovery region')
      .option('--assembly <folder>', "what 'cdk synth --output' wrote for production (default: synthesized anew)")
      .action(async ({ json, preset, replayPaused, latency, controls, assembly, ...options }: DrillOptions) => {
        const { result } = await withProgress('Regional outage', !json, (reporter) =>
          regionalOutage(
            {
              policy: rehearsed(preset),
              ...options,
              clinic: { roundTripMs: latency },
              ...(controls && { controls: { ...(assembly && { assembly }), ...(preset && { preset }) } }),
              replayPausedSeconds: replayPaused,
              folder,
              leavesBackups: true,
            },
            reporter,
          ),
        )
        answer(result, json)
      }),
    sized(new Command('database-failure'))
      .description('the primary database fails; the standby in the other zone takes over')
      .addOption(
        new Option('--fault <kind>', 'what happens to the database').choices(['process', 'hang']).default('process'),
      )
      .action(async ({ json, preset, ...options }: DatabaseFailureCommandOptions) => {
        const { result } = await withProgress('Database failure', !json, (reporter) =>
          // RDS keeps the standby of a zone in step with every commit, and offers nothing less.
          databaseFailure(
            { policy: rehearsed(preset), ...options, zone: 'sync', folder, leavesBackups: true },
            reporter,
          ),
        )
        answer(result, json)
      }),
    sized(new Command('data-corruption'))
      .description(
        'the data is wrong: a page on a disk, or values that a program rewrote; both are noticed and recovered',
      )
      .addOption(
        new Option('--kind <kind>', 'what happens to the data').choices(['page', 'application']).default('application'),
      )
      .action(
        async ({
          json,
          preset,
          ...options
        }: Pick<DrillOptions, 'preset' | 'rows' | 'clients' | 'json'> & Pick<DataCorruptionOptions, 'kind'>) => {
          const { result } = await withProgress('Data corruption', !json, (reporter) =>
            dataCorruption({ policy: rehearsed(preset), ...options, folder }, reporter),
          )
          answer(result, json)
        },
      ),
    sized(new Command('security-incident'))
      .description('a stolen login rewrites and deletes rows; it is noticed, cut off, and a clean copy takes over')
      .action(async ({ json, preset, ...options }: Pick<DrillOptions, 'preset' | 'rows' | 'clients' | 'json'>) => {
        const { result } = await withProgress('Security incident', !json, (reporter) =>
          securityIncident({ policy: rehearsed(preset), ...options, folder }, reporter),
        )
        answer(result, json)
      }),
    sized(new Command('deployment-failure'))
      .description('bad releases under live traffic: noticed, put back, and the data they wrote kept')
      .action(async ({ json, preset, ...options }: Pick<DrillOptions, 'preset' | 'rows' | 'clients' | 'json'>) => {
        const { result } = await withProgress('Deployment failure', !json, (reporter) =>
          deploymentFailure({ policy: rehearsed(preset), ...options, folder }, reporter),
        )
        answer(result, json)
      }),
    weeklyRestoresCommand({ rehearsed, folder }),
    sized(new Command('quiet'))
      .description('nothing is wrong but stalls shorter than a failure; nothing may be declared, closed or lost')
      .option('--seconds <seconds>', 'how long the clients work', whole, quiet.seconds)
      .action(
        async ({
          json,
          preset,
          ...options
        }: Pick<DrillOptions, 'preset' | 'rows' | 'clients' | 'json'> & { seconds: number }) => {
          const result = await withProgress('Quiet run', !json, (reporter) =>
            quietRun({ policy: rehearsed(preset), ...options, folder }, reporter),
          )
          answer(result, json)
        },
      ),
    sized(new Command('campaign'))
      .description('the regional outage with each fault again and again, judged together')
      .option('--faults <kinds>', 'faults, separated by commas', faultsOf, FAULTS)
      .option('--runs <count>', 'runs of each fault', whole, repeated.runs)
      .addOption(replication)
      .action(async ({ json, preset, ...options }: CampaignCommandOptions) => {
        const result = await withProgress('Campaign', !json, (reporter) =>
          campaign({ policy: rehearsed(preset), ...options, folder }, reporter),
        )
        answer(result, json)
      }),
  ]
  const command = new Command('drill').description('rehearse a disaster on a local PostgreSQL and measure it')
  for (const drill of drills) command.addCommand(drill)
  command.addCommand(complianceViolationCommand({ rehearsed, answer, folder }))
  command.addCommand(fullDrCommand({ rehearsed, answer, folder, sized }))
  return command.addCommand(openDrillsCommand()).addCommand(closeDrillCommand())
}

/** Production's policy with the recovery region chosen: what is rehearsed is what would be deployed. */
function rehearsed(preset?: string): TwoRegionPolicy {
  const policy = withRecoveryRegion(chosenPolicy({ environment: 'production', ...(preset && { preset }) }))
  assertFeasible(policy)
  return policy
}

function answer(result: DrillResult, json: true | undefined): void {
  process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : summary(result))
  process.exitCode = result.verdict === 'pass' ? 0 : result.verdict === 'fail' ? 1 : 2
}

function summary({ verdict, objectives, report, lessons }: DrillResult): string {
  const lines = objectives.map(
    ({ name, target, measured, met }) =>
      `${met ? 'met   ' : 'MISSED'}  ${name}: ${typeof measured === 'number' ? Number(measured.toFixed(2)) : measured} (target ${target})`,
  )
  return [
    ...lines,
    `verdict: ${verdict}`,
    ...(report ? [`report: ${report}`] : []),
    ...(lessons ? [`open until its lessons are recorded, by ${lessons.dueOn}: ${lessons.template}`] : []),
    '',
  ].join('\n')
}
