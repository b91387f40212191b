import { join } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { ARCHIVE_PARTS, type ArchivePart } from '../../core/archive/read-back'
import { exitCodeOf, worst } from '../../core/integrity/verdict'
import { UserError } from '../../core/user-error'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { refused } from '../operator'

interface Options extends PolicyOptions {
  readonly target: 'local' | 'aws'
  readonly folder: string
  readonly part?: ArchivePart
  readonly pgBin?: string
  readonly json?: true
}

const COLORS = { pass: pc.green, fail: pc.red, inconclusive: pc.yellow } as const

/** `recovery archive read-back`: whether somebody else's programs read what the archive keeps. Exits 0, 1 or 2. */
export const readBackCommand = (): Command =>
  new Command('read-back')
    .description(
      'read a sample of the archive by pg_restore and a reader of Parquet that are not ours, and compare it with its manifests; due every quarter',
    )
    .addOption(
      new Option('--target <target>', 'where the archive is')
        .choices(['local', 'aws'])
        .env('RECOVERY_TARGET')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--environment <name>', 'whose archive; drills rehearse that of production')
        .choices([...ENVIRONMENTS])
        .default('production'),
    )
    .addOption(
      new Option('--part <part>', 'read one form alone; exports are made in AWS alone').choices([...ARCHIVE_PARTS]),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--folder <dir>', 'local target: where drills leave what they made', '.recovery')
    .option('--pg-bin <dir>', "folder of PostgreSQL's client programs (default: whichever fits)")
    .option('--json', 'print one JSON document')
    .action(readBackIn)

async function readBackIn(options: Options): Promise<void> {
  const { target, folder, part, pgBin, json } = options
  if (target === 'aws')
    throw new UserError(
      'NO_READER_IN_AWS',
      'nobody may read the archives of patients in AWS from here; the task archive-read-back does, each quarter',
      "start its state machine, or use --target local after a drill; what it found is in the evidence of 'archive-read-back'",
    )
  const policy = chosenPolicy(options)
  const { readArchives } = await import('../../adapters/local/read-archives')
  const { postgresClient } = await import('../../adapters/local/postgres-client')
  const { folder: client } = await postgresClient(policy.database.engineMajor, pgBin)
  const regions = await refused(() =>
    readArchives(
      policy,
      { root: join(folder, 'backups'), evidence: join(folder, 'evidence'), client },
      part ? [part] : ARCHIVE_PARTS,
    ),
  )
  const verdict = worst(regions.flatMap(({ parts }) => parts.map((one) => one.verdict)))
  process.stdout.write(
    json
      ? `${JSON.stringify({ verdict, regions }, undefined, 2)}\n`
      : [
          ...regions.flatMap(({ region, parts }) => [
            region,
            ...parts.flatMap((one) => [
              `  ${COLORS[one.verdict](one.verdict)} ${one.part} of ${one.dataClass}: ${one.read.length} objects, ${one.rows} rows`,
              ...one.findings.map(({ code, subject }) => `    ${code} ${subject}`),
            ]),
          ]),
          '',
        ].join('\n'),
  )
  process.exitCode = exitCodeOf(verdict)
}
