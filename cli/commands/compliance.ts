import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import { validateFolders } from '../../adapters/local/folder-controls'
import { CATALOGUE, catalogueHash } from '../../core/compliance/controls'
import { recordValidation } from '../../core/compliance/validation/record-validation'
import type { JudgedControl, Validation } from '../../core/compliance/validation/validate'
import { vouch } from '../../core/compliance/validation/vouch'
import type { Verdict } from '../../core/compliance/validation/verdict'
import { controlsReport } from '../../core/reporting/controls-report'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy } from '../chosen-policy'
import { asOperator, operatorWorld, refused, type OperatorOptions } from '../operator'

interface ValidateOptions {
  readonly target: 'local' | 'aws'
  readonly environment: (typeof ENVIRONMENTS)[number]
  readonly preset?: string
  readonly assembly: string
  readonly folder: string
  readonly report?: string
  readonly record?: true
  readonly as?: string
  readonly json?: true
}

/** `recovery compliance`: what of the catalogue of controls holds, by what evidence; and the word of whoever vouches. */
export function complianceCommand(): Command {
  return new Command('compliance')
    .description('judge every control of the catalogue by templates, drills and attestations; record an attestation')
    .addCommand(validate(), { isDefault: true })
    .addCommand(controls())
    .addCommand(attest())
}

/** Exits 0 when every control holds, 1 when one is broken, old or expired, 2 when some are only unknown. */
const validate = () =>
  new Command('validate')
    .description('judge every control: exits 1 where one is broken, old or expired, 2 where some are unknown')
    .addOption(
      new Option('--target <where>', 'evidence of this machine, or of the recovery region in AWS, judged there')
        .choices(['local', 'aws'])
        .env('RECOVERY_TARGET')
        .default('local'),
    )
    .addOption(
      new Option('--environment <name>', 'environment that is judged').choices([...ENVIRONMENTS]).default('production'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--assembly <folder>', "what 'cdk synth --output' wrote", join('cdk.out', 'production'))
    .option('--folder <dir>', 'where evidence and public keys lie', '.recovery')
    .option('--report <file>', 'write the whole validation as a page, in Portuguese and in English')
    .option('--record', 'leave the figures, and the hash of the whole, as evidence in the folder')
    .addOption(
      new Option('--as <role/name>', "who validates, for --record, such as 'Compliance Officer/first'").env(
        'RECOVERY_ACTOR',
      ),
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (options: ValidateOptions) => {
      if (options.target === 'aws') return validateInAws(options)
      const validation = await validated(options)
      if (options.record)
        await refused(async () => {
          const { actor, ...world } = await operatorWorld({ ...options, target: 'local' })
          return recordValidation({ ...world, actor: `person-${actor.person}` }, validation)
        })
      if (options.report !== undefined) await writeFile(options.report, controlsReport(validation))
      process.stdout.write(options.json ? `${JSON.stringify(validation, undefined, 2)}\n` : rendered(validation))
      process.exitCode = exitCode(validation)
    })

/** The function of the recovery region judges and records; the whole of it lies in the evidence there. */
async function validateInAws({ report, record, json, ...options }: ValidateOptions): Promise<void> {
  if (report !== undefined || record)
    throw new UserError(
      'REPORT_NOT_HERE',
      'in AWS the function of the recovery region validates and records, and sends no page',
      'leave out --report and --record, or validate a copy of the evidence with --target local',
    )
  const { askForCompliance } = await import('../../adapters/aws/compliance-client')
  const seen = await refused(() => askForCompliance(chosenPolicy(options), process.env))
  const { controls: all, decidedByMachine, held, broken, unseen, catalogue } = seen
  process.stdout.write(
    json
      ? `${JSON.stringify(seen, undefined, 2)}\n`
      : [
          ...broken.map((id) => `${pc.red('broken')} ${id}`),
          `${held.length} of ${all} controls are verified by machine, ${decidedByMachine} decided (${catalogue.slice(0, 16)})`,
          ...(unseen.length > 0 ? [`templates not seen: ${unseen.join(', ')}`] : []),
          '',
        ].join('\n'),
  )
  process.exitCode = broken.length > 0 ? 1 : held.length === all ? 0 : 2
}

const controls = () =>
  new Command('controls')
    .description('list the controls, with what each asks of machines and of persons')
    .option('--json', 'one JSON document on stdout')
    .action(({ json }: { json?: true }) => {
      const listed = CATALOGUE.map(({ id, title, norms, checks, statements }) => ({
        id,
        title,
        norms,
        checks: checks.map(({ by, asks }) => ({ by, asks })),
        statements,
      }))
      const text = listed.flatMap(({ id, title, checks, statements }) => [
        `${pc.bold(id)} ${title.en} / ${title.pt}`,
        ...checks.map(({ by, asks }) => `  ${by}: ${asks}`),
        ...statements.map(({ statement, months }, at) => `  person ${at + 1}: ${statement} (${lasting(months)})`),
      ])
      process.stdout.write(
        json
          ? `${JSON.stringify({ catalogue: catalogueHash(), controls: listed }, undefined, 2)}\n`
          : `${text.join('\n')}\n`,
      )
    })

const lasting = (months: number | 'document'): string =>
  months === 'document' ? 'as long as its document says' : `${months} months at most`

interface AttestOptions extends OperatorOptions {
  readonly statement?: number
  readonly notApplicable?: true
  readonly until: string
  readonly document: string
  readonly json?: true
}

const attest = () =>
  asOperator(new Command('attest'))
    .argument('<control>', 'such as LGPD-03')
    .description('vouch for a statement of a control, or decide that it does not apply, with the document that says so')
    .option('--statement <number>', "which of its statements, as 'recovery compliance controls' counts them", asNumber)
    .option('--not-applicable', 'it does not apply here')
    .requiredOption('--until <date>', 'last day on which it counts, such as 2027-01-31', asDate)
    .requiredOption('--document <file>', 'what was signed; its hash is recorded, the file stays where it is')
    .option('--json', 'print one JSON document')
    .action(async (control: string, options: AttestOptions) => {
      const { statement, notApplicable, until, document, json } = options
      if ((statement === undefined) === (notApplicable === undefined))
        throw new UserError(
          'ATTESTATION_UNCLEAR',
          'it is not clear what is vouched for',
          "give either --statement with its number, or --not-applicable; 'recovery compliance controls' lists both",
        )
      const sha256 = createHash('sha256')
        .update(await bytesOf(document))
        .digest('hex')
      const world = await operatorWorld(options)
      const recorded = await refused(() =>
        vouch(world, {
          control,
          statement: statement ?? 'not-applicable',
          validUntil: until,
          document: { name: basename(document), sha256 },
        }),
      )
      process.stdout.write(
        json
          ? `${JSON.stringify(recorded, undefined, 2)}\n`
          : `${pc.green('recorded')} ${control}: ${recorded.statement}, until ${recorded.validUntil}; evidence ${recorded.evidence}\n`,
      )
    })

function asNumber(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a number from 1 on')
}

function asDate(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError('a date such as 2027-01-31')
}

const bytesOf = (file: string): Promise<Buffer> =>
  readFile(file).catch((cause: unknown) => {
    throw new UserError('DOCUMENT_UNREADABLE', `'${file}' cannot be read`, 'name the document that was signed', {
      cause,
    })
  })

const validated = ({ environment, preset, assembly, folder }: ValidateOptions): Promise<Validation> =>
  refused(() =>
    validateFolders({
      policy: chosenPolicy({ environment, ...(preset !== undefined && { preset }) }),
      folder: resolve(folder),
      assembly,
    }),
  )

const COLORS: Readonly<Record<Verdict, (text: string) => string>> = {
  PASS: pc.green,
  FAIL: pc.red,
  STALE: pc.red,
  EXPIRED: pc.red,
  UNKNOWN: pc.yellow,
  'N/A': pc.dim,
}

function rendered({ controls: judged, score, catalogue }: Validation): string {
  return [
    ...judged.flatMap(lines),
    '',
    `${score.hold} of ${score.applicable} controls hold valid evidence (catalogue of ${score.controls}, ${catalogue.slice(0, 16)})`,
    `${score.covered} have a verdict, ${score.machineVerified} are verified by machine, ${score.attested} of ${score.toBeAttested} attested`,
    '',
  ].join('\n')
}

const lines = ({ id, title, verdict, checks, statements }: JudgedControl): string[] => [
  `${COLORS[verdict](verdict.padEnd(7))} ${id} ${title.en}`,
  ...[
    ...checks.map(({ asks, ...rest }) => ({ said: asks, ...rest })),
    ...statements.map(({ statement, ...rest }) => ({ said: statement, ...rest })),
  ]
    .filter((one) => one.verdict !== 'PASS' && verdict !== 'N/A')
    .map((one) => `          ${one.verdict}: ${one.said}${one.reasons.length > 0 ? `: ${one.reasons[0]}` : ''}`),
]

function exitCode({ controls: judged }: Validation): number {
  const verdicts = judged.map(({ verdict }) => verdict)
  if (verdicts.some((verdict) => ['FAIL', 'STALE', 'EXPIRED'].includes(verdict))) return 1
  return verdicts.includes('UNKNOWN') ? 2 : 0
}
