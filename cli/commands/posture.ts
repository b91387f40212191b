import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { readAssembly } from '../../adapters/local/assembly-folder'
import { changeRecordSchema, judge, type ChangeRecord, type JudgedWeakening } from '../../core/posture/change-record'
import { weakenings } from '../../core/posture/diff'
import { UserError } from '../../core/user-error'
import { switchesCommand } from './posture-switches'

interface DiffOptions {
  readonly record: readonly string[]
  readonly json?: true
  readonly markdown?: true
}

/** `recovery posture diff <old> <new>`: exits 1 for a weakening that no change record covers. */
export function postureCommand(): Command {
  const diff = new Command('diff')
    .description('what the newer of two synthesized assemblies protects less than the older one')
    .argument('<old>', "folder that 'cdk synth --output' wrote before the change")
    .argument('<new>', 'folder of the change')
    .option(
      '--record <file>',
      'approved change record; may be given again',
      (file, all: string[]) => [...all, file],
      [],
    )
    .option('--json', 'one JSON document on stdout')
    .option('--markdown', 'a comment for a pull request')
    .action(async (older: string, newer: string, { record, json, markdown }: DiffOptions) => {
      const found = weakenings(await readAssembly(older), await readAssembly(newer))
      const records = await Promise.all(record.map(readRecord))
      const judged = judge(found, records, new Date().toISOString().slice(0, 10))
      const open = judged.filter(({ coveredBy }) => coveredBy === undefined)
      const verdict = open.length === 0 ? 'pass' : 'fail'
      if (json) process.stdout.write(`${JSON.stringify({ verdict, weakenings: judged }, undefined, 2)}\n`)
      else process.stdout.write(`${(markdown ? asMarkdown : asText)(judged, open.length)}\n`)
      process.exitCode = verdict === 'pass' ? 0 : 1
    })
  return new Command('posture')
    .description('compare what two versions of the stacks protect, and show what can be turned off')
    .addCommand(diff)
    .addCommand(switchesCommand())
}

async function readRecord(file: string): Promise<ChangeRecord> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError(
      'RECORD_UNREADABLE',
      `the change record '${file}' cannot be read`,
      'give the path of a JSON file',
      {
        cause,
      },
    )
  })
  const parsed = changeRecordSchema.safeParse(parsedJson(text))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'record'}: ${message}`)
  throw new UserError('RECORD_REFUSED', `the change record '${file}' is refused: ${problems.join('; ')}`, 'correct it')
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const headline = (open: number, all: number): string => {
  if (all === 0) return 'protection is nowhere weaker'
  return open === 0
    ? `${all} weaker, each covered by a change record`
    : `${open} of ${all} weaker without a change record`
}

const asText = (judged: readonly JudgedWeakening[], open: number): string =>
  [
    ...judged.map(
      ({ term, subject, path, words, before, after, coveredBy }) =>
        `${coveredBy === undefined ? 'WEAKER ' : 'covered'}  ${term}: ${words} of ${subject} (${path}): ${short(before)} -> ${short(after)}${coveredBy === undefined ? '' : ` [${coveredBy}]`}`,
    ),
    headline(open, judged.length),
  ].join('\n')

const asMarkdown = (judged: readonly JudgedWeakening[], open: number): string =>
  [
    `### Recovery posture: ${headline(open, judged.length)}`,
    ...(judged.length === 0
      ? []
      : [
          '',
          '| what | of | before | after | covered by |',
          '| --- | --- | --- | --- | --- |',
          ...judged.map(
            ({ term, subject, path, words, before, after, coveredBy }) =>
              `| ${term}: ${words} | \`${subject}\` \`${path}\` | \`${cell(before)}\` | \`${cell(after)}\` | ${coveredBy ?? '**nothing**'} |`,
          ),
        ]),
  ].join('\n')

const short = (value: JudgedWeakening['before']): string => {
  if (value === null) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const cell = (value: JudgedWeakening['before']): string => short(value).replaceAll('|', '\\|').replaceAll('`', "'")
