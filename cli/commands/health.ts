import { Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import type { HealthAnswer, HistoryAnswer } from '../../adapters/aws/health-wire'
import { HEALTH_FINDINGS } from '../../core/health/findings'
import { HEALTH_VERDICTS, worstHealth, type HealthVerdictName } from '../../core/health/judges'
import { duration, instant } from '../../core/reporting/format'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { refused } from '../operator'

interface Options {
  readonly target: 'local' | 'aws'
  readonly preset?: string
  readonly folder: string
  readonly json?: true
}

/** Degraded is neither well nor down, and unknown may be anything: whoever goes by the exit code has to look. */
const EXIT_CODES: Readonly<Record<HealthVerdictName, number>> = { healthy: 0, unhealthy: 1, degraded: 2, unknown: 2 }

/** `recovery health`: whether the platform does its work, part by part and end to end; and what earlier looks came to. */
export function healthCommand(): Command {
  const command = asLook(new Command('health'))
    .description(
      'look at every part of the platform and at all of it from outside; exits 0 when healthy, 1 when unhealthy, 2 when degraded or where somebody could not look',
    )
    .action(async (environment: string | undefined, options: Options) => {
      const seen = await refused(() => look(environment, options))
      const verdict = worstHealth(seen.map((region) => region.verdict))
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ verdict, regions: seen.map(explained) }, undefined, 2)}\n`
          : told(verdict, seen),
      )
      process.exitCode = EXIT_CODES[verdict]
    })
  return command.addCommand(history())
}

const asLook = (command: Command): Command =>
  command
    .argument(
      '[environment]',
      `one of ${ENVIRONMENTS.join(', ')} (default: production in AWS, here the world that stands)`,
    )
    .addOption(
      // It only looks, so that a default does no harm.
      new Option('--target <target>', 'the world that stands on this machine, or the regions in AWS')
        .choices(['local', 'aws'])
        .env('RECOVERY_TARGET')
        .default('local'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--folder <dir>', 'where a local world is described and leaves its evidence', '.recovery')
    .option('--json', 'one JSON document on stdout')

const history = () =>
  asLook(new Command('history'))
    .description('the newest looks from each region, and the availability that the looks of some days come to')
    .option('--days <number>', 'days of the window (default: those of the policy)', asDays)
    .option('--last <number>', 'how many looks are listed', asDays, 20)
    .action(async (environment: string | undefined, _: unknown, command: Command) => {
      // `health` has the same options, and takes them wherever they stand.
      const options = command.optsWithGlobals<Options & { readonly days?: number; readonly last: number }>()
      const past = await refused(() => remembered(environment, options))
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ regions: past.map((one) => ({ ...one, looks: one.looks.slice(0, options.last) })) }, undefined, 2)}\n`
          : past.map((one) => toldHistory(one, options.last)).join(''),
      )
    })

async function look(environment: string | undefined, options: Options): Promise<HealthAnswer[]> {
  if (options.target === 'aws') {
    const { askForHealth } = await import('../../adapters/aws/health-client')
    return askForHealth(policyOf(environment, options), process.env)
  }
  const { lookHere } = await import('../health-here')
  return lookHere(options, environment)
}

async function remembered(
  environment: string | undefined,
  options: Options & { readonly days?: number },
): Promise<HistoryAnswer[]> {
  if (options.target === 'aws') {
    const policy = policyOf(environment, options)
    const { askForHealthHistory } = await import('../../adapters/aws/health-client')
    return askForHealthHistory(policy, process.env, options.days ?? policy.health.windowDays)
  }
  const { pastLooks } = await import('../../adapters/local/standing-health')
  return pastLooks(options.folder, policyOf(environment, options), options.days)
}

const policyOf = (environment: string | undefined, { preset }: Options) =>
  chosenPolicy({ environment: knownEnvironment(environment ?? 'production'), ...(preset !== undefined && { preset }) })

const isKnown = (code: string): code is keyof typeof HEALTH_FINDINGS => code in HEALTH_FINDINGS

/** Each finding with its cause and remedy, which a function does not send. */
const explained = (region: HealthAnswer) => ({
  ...region,
  checks: region.checks.map((check) => ({
    ...check,
    findings: check.findings.map((finding) => ({
      ...finding,
      ...(isKnown(finding.code) ? HEALTH_FINDINGS[finding.code] : {}),
    })),
  })),
})

const COLORS = { healthy: pc.green, degraded: pc.yellow, unknown: pc.yellow, unhealthy: pc.red } as const
/** So that what a check found stands in one column. */
const WIDTH = Math.max(...HEALTH_VERDICTS.map(({ length }) => length))
const mark = (verdict: HealthVerdictName): string => COLORS[verdict](verdict.padEnd(WIDTH))

function told(verdict: HealthVerdictName, regions: readonly HealthAnswer[]): string {
  const lines = regions.flatMap(({ region, checks, notExpected, serving }) => [
    `${region} (clients: ${serving})`,
    ...checks.flatMap(({ check, verdict: of, looked, findings, unseen }) => [
      `  ${mark(of)} ${check} (${looked})`,
      ...findings.map(({ code, subject }) => {
        const meaning = isKnown(code) ? HEALTH_FINDINGS[code] : undefined
        return `    ${code} ${subject}: ${meaning ? `${meaning.cause}; ${meaning.remedy} (docs/runbooks/${meaning.guide})` : 'unknown to this version'}`
      }),
      ...unseen.map((code) => `    not looked at: ${code}`),
    ]),
    ...(notExpected.length > 0 ? [`  not here: ${notExpected.join(', ')}`] : []),
  ])
  return [
    ...lines,
    `${COLORS[verdict](verdict)} as ${regions.length} region${regions.length === 1 ? '' : 's'} saw it`,
    '',
  ].join('\n')
}

function toldHistory({ region, looks, availability }: HistoryAnswer, last: number): string {
  const { availablePercent, provenPercent, upSeconds, downSeconds, unknownSeconds, windowSeconds, target } =
    availability
  const lines = [
    region,
    ...looks
      .slice(0, last)
      .map(
        ({ at, verdict, serving, findings }) =>
          `  ${instant(at)} ${mark(verdict)} clients ${serving}${findings.length > 0 ? `: ${findings.join(', ')}` : ''}`,
      ),
    `  ${looks.length} look${looks.length === 1 ? '' : 's'} in ${duration(windowSeconds)}: up ${duration(upSeconds)}, down ${duration(downSeconds)}, unknown ${duration(unknownSeconds)}`,
    `  availability ${availablePercent === null ? 'unknown' : `${availablePercent.toFixed(3)} % of the known time`}, ${provenPercent.toFixed(3)} % proven; target ${target}`,
  ]
  return `${lines.join('\n')}\n`
}

function asDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days > 0) return days
  throw new InvalidArgumentError('a whole number above zero')
}

function knownEnvironment(name: string): PolicyOptions['environment'] {
  const known = ENVIRONMENTS.find((one) => one === name)
  if (known) return known
  throw new UserError(
    'ENVIRONMENT_UNKNOWN',
    `there is no environment '${name}'`,
    `name one of ${ENVIRONMENTS.join(', ')}`,
  )
}
