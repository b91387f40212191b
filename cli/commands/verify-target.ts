import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import pc from 'picocolors'
import type { Policy } from '../../core/policy'
import { UserError } from '../../core/user-error'
import { DAILY_FINDINGS } from '../../core/verification/daily/findings'
import { worst, type Verdict } from '../../core/verification/daily/judges'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'

const EXIT_CODES: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, inconclusive: 2 }

export interface TargetOptions extends PolicyOptions {
  readonly target: 'local' | 'aws'
  readonly folder: string
  readonly json?: true
}

/** What a region's checks came to, from whatever ran them. */
export interface RegionVerdict {
  readonly region: string
  readonly verdict: Verdict
  readonly checks: readonly {
    readonly check: string
    readonly verdict: Verdict
    readonly looked: number
    readonly findings: readonly { readonly code: string; readonly subject: string }[]
    readonly unseen: readonly string[]
  }[]
}

/** The daily checks of every data region. Exits 0 for pass, 1 for fail, 2 where it cannot tell. */
export async function verifyTarget(options: TargetOptions): Promise<void> {
  const policy = chosenPolicy(options)
  const regions = options.target === 'local' ? await here(policy, options.folder) : await inAws(policy)
  const verdict = worst(regions.map((region) => region.verdict))
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ verdict, regions: regions.map(explained) }, undefined, 2)}\n`
      : told(verdict, regions),
  )
  process.exitCode = EXIT_CODES[verdict]
}

async function here(policy: Policy, folder: string): Promise<RegionVerdict[]> {
  const root = join(folder, 'backups')
  if (!(await stat(root).catch(() => undefined))?.isDirectory())
    throw new UserError(
      'NOTHING_TO_VERIFY',
      `there are no backups below '${folder}'`,
      'name the folder that holds a folder of backups, one for each region, with --folder',
    )
  const { verifyFolders } = await import('../../adapters/local/verify-folders')
  return verifyFolders(policy, root, join(folder, 'evidence'))
}

async function inAws(policy: Policy): Promise<RegionVerdict[]> {
  const { askForDailyChecks } = await import('../../adapters/aws/daily-checks-client')
  return askForDailyChecks(policy, process.env)
}

const isKnown = (code: string): code is keyof typeof DAILY_FINDINGS => code in DAILY_FINDINGS
const meaningOf = (code: string) => (isKnown(code) ? DAILY_FINDINGS[code] : undefined)

/** Each finding with its cause and remedy, which a function does not send. */
const explained = (region: RegionVerdict) => ({
  ...region,
  checks: region.checks.map((check) => ({
    ...check,
    findings: check.findings.map((finding) => ({ ...finding, ...meaningOf(finding.code) })),
  })),
})

const COLORS = { pass: pc.green, fail: pc.red, inconclusive: pc.yellow } as const

function told(verdict: Verdict, regions: readonly RegionVerdict[]): string {
  const lines = regions.flatMap(({ region, checks }) => [
    region,
    ...checks.flatMap(({ check, verdict: of, looked, findings, unseen }) => [
      `  ${COLORS[of](of)} ${check} (${looked})`,
      ...findings.map(({ code, subject }) => {
        const meaning = meaningOf(code)
        return `    ${code} ${subject}: ${meaning ? `${meaning.cause}; ${meaning.remedy} (docs/runbooks/${meaning.guide})` : 'unknown to this version'}`
      }),
      ...unseen.map((code) => `    not looked at: ${code}`),
    ]),
  ])
  return [...lines, `${COLORS[verdict](verdict)} ${regions.length} region${regions.length === 1 ? '' : 's'}`, ''].join(
    '\n',
  )
}
