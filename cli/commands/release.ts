import { Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { GitRepository } from '../../adapters/local/git-repository'
import { releaseSchema, type Release } from '../../core/release/release'
import { UserError } from '../../core/user-error'
import { askDesk } from '../desk'
import { asOperator, type OperatorOptions } from '../operator'

type Options = OperatorOptions & { readonly json?: true }

const recorded = z.object({ release: releaseSchema, placesAway: z.number(), already: z.boolean() })
const listed = z.object({ releases: z.array(releaseSchema) })
const shown = z.object({ release: releaseSchema, changed: z.array(z.string()) })

/** As many as fit a screen. */
const LISTED = 20
/** As many as the desk tells at a time. */
const LISTED_AT_MOST = 100

/** `recovery release`: what was in force at each release, and its tag in the source code. */
export function releaseCommand(): Command {
  const record = asOperator(new Command('record'))
    .argument('<tag>', 'tag of the source code, such as v1.4.0')
    .description('record what is in force as a release: versions and health are read, never told')
    .option('--commit <hash>', 'commit that was deployed (default: the one that the tag stands on here, if any)')
    .option('--recovery-point <marker>', 'marker that was set before the deployment (default: one is set now)')
    .option('--json', 'print one JSON document')
    .action(async (tag: string, options: Options & { commit?: string; recoveryPoint?: string }) => {
      const commit = options.commit ?? (await here().commitOf(tag))
      const call = { operation: 'record-release', tag, commit, recoveryPoint: options.recoveryPoint } as const
      const answered = recorded.parse(await askDesk(options, call))
      const { release, placesAway, already } = answered
      tell(options, answered, [
        `release ${release.sequence} (${release.tag}) ${already ? 'stands already' : 'is recorded'}: ${release.health}`,
        `the data can return to marker '${release.recoveryPoint}'`,
        ...(placesAway > 0 ? ['one of the two places gave no answer; the next release brings it this one too'] : []),
      ])
    })
  const list = asOperator(new Command('list'))
    .description('name the releases, newest first')
    .addOption(new Option('--most <count>', 'how many').argParser(count).default(LISTED))
    .option('--json', 'print one JSON document')
    .action(async (options: Options & { most: number }) => {
      const answered = listed.parse(await askDesk(options, { operation: 'list-releases', most: options.most }))
      tell(options, answered, answered.releases.length > 0 ? table(answered.releases) : ['nothing was released'])
    })
  const show = asOperator(new Command('show'))
    .argument('<release>', 'its number or tag')
    .description('print a release, and what it changed')
    .option('--json', 'print one JSON document')
    .action(async (asked: string, options: Options) => {
      const answered = await releaseOf(options, asked)
      tell(options, answered, details(answered))
    })
  const tag = asOperator(new Command('tag'))
    .argument('<release>', 'its number or tag')
    .description("put an annotated Git tag on the release's commit, in the repository of this folder")
    .option('--json', 'print one JSON document')
    .action(async (asked: string, options: Options) => {
      const { release } = await releaseOf(options, asked)
      const already = await tagCommit(release)
      tell(options, { tag: release.tag, commit: release.commit, already }, [
        `${release.tag} ${already ? 'stood' : 'stands'} on ${release.commit}`,
      ])
    })
  return [record, list, show, tag].reduce(
    (command, one) => command.addCommand(one),
    new Command('release').description('what was in force at each release'),
  )
}

function count(value: string): number {
  const most = Number(value)
  if (Number.isInteger(most) && most >= 1 && most <= LISTED_AT_MOST) return most
  throw new InvalidArgumentError(`expected a whole number from 1 to ${LISTED_AT_MOST}, got '${value}'`)
}

const here = () => new GitRepository(process.cwd())

const releaseOf = async (options: Options, release: string) =>
  shown.parse(await askDesk(options, { operation: 'show-release', release }))

/** Tags the commit of a release; true where the tag stood there already. */
async function tagCommit({ sequence, tag, commit }: Release): Promise<boolean> {
  if (commit === undefined)
    throw new UserError(
      'RELEASE_COMMIT_UNKNOWN',
      `release ${sequence} was recorded without its commit`,
      'record releases where the source code is at hand, or with --commit',
    )
  const repository = here()
  const standsOn = await repository.commitOf(tag)
  if (standsOn === commit) return true
  if (standsOn !== undefined)
    throw new UserError(
      'TAG_ELSEWHERE',
      `'${tag}' stands on ${standsOn}, and release ${sequence} is of ${commit}`,
      'find out which of the two was deployed; no tag is ever moved',
    )
  if (!(await repository.holds(commit)))
    throw new UserError('COMMIT_ABSENT', `this repository does not hold ${commit}`, 'fetch it, then tag again')
  await repository.tag(tag, `Release ${tag}`, commit)
  return false
}

const table = (releases: readonly Release[]): readonly string[] => {
  const rows = releases.map(({ sequence, tag, recordedAt, health, restores }) => [
    String(sequence),
    tag,
    recordedAt,
    health,
    restores === undefined ? '' : `restores ${restores}`,
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function details({ release, changed }: z.infer<typeof shown>): readonly string[] {
  const { sequence, tag, environment, health, recordedAt, recoveryPoint, actor, commit, restores } = release
  return [
    `release ${sequence} of ${environment}: ${tag}, ${health} when it was recorded at ${recordedAt} by ${actor}`,
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    ...(restores === undefined ? [] : [`puts release ${restores} back`]),
    `the data can return to marker '${recoveryPoint}'`,
    ...Object.entries(release.components).map(([name, version]) => `  ${name} ${version}`),
    ...(changed.length > 0 ? ['changed:', ...changed.map((line) => `  ${line}`)] : ['changed nothing']),
  ]
}

function tell({ json }: Options, answered: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answered, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}
