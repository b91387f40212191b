import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { compareDatabases, type DatabaseComparison } from '../../adapters/postgres/fingerprint/compare-databases'
import { fingerprintDatabase } from '../../adapters/postgres/fingerprint/database'
import { checkStructure } from '../../adapters/postgres/fingerprint/structure'
import { CATALOG_KINDS, type CatalogKind } from '../../core/integrity/catalog-kinds'
import { compareFingerprints, type CopyKind, type Finding } from '../../core/integrity/compare'
import type { DatabaseFingerprint } from '../../core/integrity/fingerprint'
import { fingerprintForm } from '../../core/backup/fingerprint-form'
import { exitCodeOf, worst } from '../../core/integrity/verdict'
import type { Policy } from '../../core/policy'
import { isPortError } from '../../core/ports/errors'
import type { Reporter } from '../../core/ports/reporter'
import { UserError } from '../../core/user-error'
import { resolvePolicy } from '../../policy'
import { everySoOften, readingBy, withReaders } from '../database-sessions'
import { withProgress } from '../progress'

interface Options {
  readonly source: string
  readonly against: string
  readonly copy?: CopyKind
  readonly leaveOut?: readonly CatalogKind[]
  readonly deep?: true
  readonly json?: true
}

const kindsOf = (value: string): readonly CatalogKind[] =>
  value.split(',').map((name) => {
    const kind = CATALOG_KINDS.find((known) => known === name.trim())
    if (!kind) throw new InvalidArgumentError(`expected some of ${CATALOG_KINDS.join(',')}, got '${name}'`)
    return kind
  })

type Comparison = Omit<DatabaseComparison, 'source' | 'relation'> &
  Partial<Pick<DatabaseComparison, 'source' | 'relation'>>

/** `recovery compare`: exits 0 where a copy has what its source has, 1 where it has not, 2 where that cannot be told. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare a database with a replica or a restored copy of it: content, sequences and catalog')
    .requiredOption(
      '--source <url or file>',
      'the database, or its fingerprint as recovery fingerprint --json printed it',
    )
    .requiredOption('--against <url>', 'the copy')
    .addOption(
      new Option(
        '--copy <kind>',
        'how the copy was made, where the source is a file (default: physical for the same cluster)',
      ).choices(['physical', 'logical']),
    )
    .option('--leave-out <kinds>', 'kinds of the catalog that are not compared, such as owners,grants', kindsOf)
    .option(
      '--deep',
      'also look at every page and every index of the copy (amcheck), and at the counter of failed checksums',
    )
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const found = await withProgress('compare', !options.json, (reporter) => proved(options, reporter))
      process.stdout.write(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : `${told(found).join('\n')}\n`)
      process.exitCode = exitCodeOf(found.verdict)
    })
}

/** Whoever cannot be asked is neither the same nor different. */
async function proved(options: Options, reporter: Reporter): Promise<Comparison> {
  const { fingerprint: policy } = resolvePolicy('production')
  try {
    const found = await compared(options, policy, reporter)
    if (!options.deep) return found
    const structure = await withReaders(options.against, { ...policy, readers: 1 }, ([client]) =>
      checkStructure(
        client,
        everySoOften(reporter, (done, of) => `${done} of ${of} tables and indexes checked`),
      ),
    )
    const findings = [...found.findings, ...structure.findings]
    return { ...found, findings, verdict: worst(findings.map(({ verdict }) => verdict)) }
  } catch (error) {
    if (!isPortError(error)) throw error
    const finding: Finding = {
      code: 'NOT_ANSWERED',
      object: 'session',
      verdict: 'inconclusive',
      detail: `${error.code}: ${error.message}`,
    }
    return { verdict: 'inconclusive', findings: [finding], tables: 0, objects: 0, differences: [] }
  }
}

const compared = (options: Options, policy: Policy['fingerprint'], reporter: Reporter): Promise<Comparison> =>
  /^postgres(ql)?:/.test(options.source)
    ? betweenDatabases(options, policy, reporter)
    : withStored(options, policy, reporter)

const betweenDatabases = ({ source, against, leaveOut }: Options, policy: Policy['fingerprint'], reporter: Reporter) =>
  withReaders(source, policy, (one) =>
    withReaders(against, policy, (other) =>
      compareDatabases(one, other, {
        ...readingBy(policy, 'hashed', reporter),
        ...(leaveOut && { leaveOut }),
        recheck: {
          looks: policy.replica.looks,
          pauseMs: policy.replica.pauseSeconds * 1000,
          replicaWaitMs: policy.replica.waitSeconds * 1000,
        },
      }),
    ),
  )

async function withStored(
  { source, against, copy, leaveOut }: Options,
  policy: Policy['fingerprint'],
  reporter: Reporter,
): Promise<Comparison> {
  const expected = await stored(source)
  const found = await withReaders(against, policy, (sessions) =>
    fingerprintDatabase(sessions, readingBy(policy, 'hashed', reporter)),
  )
  const isOfCluster = expected.origin.cluster !== undefined && expected.origin.cluster === found.origin.cluster
  const isSame = isOfCluster && expected.origin.database === found.origin.database
  const options = { copy: copy ?? (isSame ? 'physical' : 'logical'), ...(leaveOut && { leaveOut }) } as const
  return {
    ...compareFingerprints(expected, found, options),
    source: expected.origin,
    copy: found.origin,
    differences: [],
  }
}

async function stored(file: string): Promise<DatabaseFingerprint> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const parsed = fingerprintForm.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  throw new UserError(
    'FINGERPRINT_FORM',
    `'${file}' holds no fingerprint`,
    'give a URL, or a file that recovery fingerprint --json wrote',
  )
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}

const line = ({ verdict, code, object, detail }: Finding): string =>
  `${verdict === 'pass' ? 'note' : verdict.toUpperCase()}  ${code} ${object}${detail === undefined ? '' : ` (${detail})`}`

function told({ verdict, findings, differences, tables, objects, relation }: Comparison): string[] {
  return [
    ...findings.map(line),
    ...differences.flatMap(({ table, missing, unexpected, changed, moving, buckets, complete, rows }) => [
      `${table}: ${missing} missing, ${unexpected} unexpected, ${changed} changed, ${moving} moving${complete ? '' : ', and more'}`,
      ...rows.map(
        ({ how, key, bucket }) =>
          `  ${how} ${key === undefined ? 'row' : `key ${key}`} in bucket ${bucket} of ${buckets}`,
      ),
    ]),
    `${verdict}: ${tables} tables and ${objects} objects compared${relation === undefined ? '' : `, the copy is ${relation === 'replica' ? 'a replica' : relation}`}`,
  ]
}
