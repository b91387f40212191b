import { userInfo } from 'node:os'
import { Argument, Command } from 'commander'
import { screenReason, shownRollbackSchema } from '../../core/runbook/rollback/desk'
import type { WantedRollback } from '../../core/release/wanted-rollback'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import type { Policy } from '../../core/policy'
import { chosenPolicy } from '../chosen-policy'
import { askDesk } from '../desk'
import { onTarget, refused, type OperatorOptions } from '../operator'
import { localEnvironment } from '../rehearsed-environment'
import { confirmed, isAttended } from '../confirmation'
import { followRollback, type Followed } from '../follow-rollback'
import { planLines } from '../rollback-plan-lines'

interface Options extends Omit<OperatorOptions, 'environment'> {
  readonly component?: readonly string[]
  readonly to?: number
  readonly apply?: string
  readonly dryRun?: true
  readonly critical?: true
  readonly json?: true
}

/** How the process ends, besides 1 for whatever was refused or stopped. */
const OVER_BUDGET = 2
/** A plan was shown, and nobody was there to confirm it. */
const NOT_APPLIED = 3

type Type = keyof Policy['rollbacks']
const TYPES: readonly Type[] = ['full', 'partial', 'config-only']

/** `recovery rollback`: put the platform back to its last healthy release, after showing what that would do. */
export const rollbackCommand = (): Command =>
  onTarget(new Command('rollback'))
    .addArgument(new Argument('<environment>', 'environment; test changes nothing').choices([...ENVIRONMENTS]))
    .argument('<reason>', 'what is wrong, in words that name nobody')
    .addArgument(new Argument('<type>', 'how much is put back').choices([...TYPES]))
    .description('put the platform back to its last healthy release, after showing what that would do')
    .option('--component <names...>', 'of a partial rollback, these components and what cannot serve without them')
    .option('--to <release>', 'number of the release to go back to', Number)
    .option('--dry-run', 'show the plan, and change nothing')
    .option('--apply <digest>', 'carry out the plan of this digest, if it is still the same')
    .option('--critical', 'the incident cannot wait for a second person; the rollback is reviewed afterwards')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `\n${EXIT_CODES}`)
    .action(async (environment: Policy['environment'], reason: string, type: Type, options: Options) => {
      const { apply, dryRun, json } = options
      const desk = { ...options, as: whoActs(options), environment: await localEnvironment(options, environment) }
      const wanted = wantedOf(type, options)
      await refused(async () => screenReason(reason))
      const isDryRun = dryRun === true || environment === 'test'
      // A plan that was begun changes the platform it was planned on: whether it goes on or is stale, the desk knows.
      const digest = apply !== undefined && !isDryRun ? requireDigest(apply) : await decided()
      if (digest === undefined) return
      const call = { operation: 'apply-rollback', wanted, digest, reason } as const
      const { atMost } = chosenPolicy(desk).rollbacks[type].downtimeMinutes
      const followed = await followRollback(desk, await askDesk(desk, call), atMost * 60, json === true)
      process.exitCode = exitCodeOf(followed)
      tell(json, followed.document, followed.lines)

      /** The digest of the plan that somebody has seen and wants; undefined where nothing is to be carried out. */
      async function decided(): Promise<string | undefined> {
        const plan = shownRollbackSchema.parse(await askDesk(desk, { operation: 'plan-rollback', wanted }))
        const lines = planLines(plan, options.critical === true)
        if (!isDryRun && isAttended() && !json) {
          process.stdout.write(`${lines.join('\n')}\n`)
          await requireConfirmed(environment)
          return plan.digest
        }
        if (!isDryRun) process.exitCode = NOT_APPLIED
        const why = isDryRun ? 'this is a dry run.' : `to carry it out, add --apply ${plan.digest}`
        tell(json, plan, [...lines, `Nothing was changed: ${why}`])
        return undefined
      }
    })

/** Who sits at this machine, where nobody else is named: a local world proves nobody's identity anyway. */
const whoActs = ({ target, as }: Options): string | undefined =>
  as ?? (target === 'local' ? `operator/${userInfo().username}` : undefined)

const EXIT_CODES = `Exit codes:
  0  everything serves again, or a dry run was shown
  1  refused, or stopped; the last lines say how to go on
  2  everything serves again, later than the budget allows, or with data that nobody could judge or list
  3  the plan was shown and not carried out, since nobody was there to confirm it`

function wantedOf(type: Type, { component, to, critical }: Options): WantedRollback {
  if (to !== undefined && !Number.isInteger(to))
    throw new UserError('RELEASE_FORM', '--to takes the number of a release', "list them with 'recovery release list'")
  return {
    type,
    ...(component && { only: [...component] }),
    ...(to !== undefined && { to }),
    ...(critical && { critical }),
  }
}

function requireDigest(digest: string): string {
  if (/^[0-9a-f]{64}$/.test(digest)) return digest
  throw new UserError(
    'DIGEST_FORM',
    `'${digest}' is no digest of a plan`,
    'run the command without --apply, which shows one',
  )
}

async function requireConfirmed(environment: string): Promise<void> {
  if (await confirmed(environment)) return
  throw new UserError(
    'NOT_CONFIRMED',
    'nothing was changed',
    `run the command again and type '${environment}' to confirm`,
  )
}

const exitCodeOf = ({ outcome, verdict }: Followed): number =>
  outcome !== 'succeeded' ? 1 : verdict === 'pass' ? 0 : OVER_BUDGET

function tell(json: true | undefined, document: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}
