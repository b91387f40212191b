import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { FolderWriteOnceStore } from '../../adapters/local/folder-write-once-store'
import { closeDrill } from '../../core/drills/close-drill'
import { ageDays, heldDrills, type HeldDrill } from '../../core/drills/held-drills'
import { UserError } from '../../core/user-error'
import { chosenPolicy } from '../chosen-policy'
import { operatorWorld, refused } from '../operator'

interface LessonsOptions {
  readonly preset?: string
  readonly folder: string
  readonly json?: true
}

/** Drills run on this machine, under production's policy. */
const here = (command: Command): Command =>
  command
    .option('--folder <dir>', 'where drills keep their evidence', '.recovery')
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--json', 'one JSON document on stdout')

const policyOf = ({ preset }: LessonsOptions) => chosenPolicy({ environment: 'production', ...(preset && { preset }) })
const recordsIn = (folder: string) => new FolderWriteOnceStore(join(folder, 'evidence'))

/** `recovery drill open`: exits 1 while a drill is overdue. */
export function openDrillsCommand(): Command {
  return here(new Command('open'))
    .description('drills whose lessons are not recorded, with their age; exits 1 while one is overdue')
    .action(async (options: LessonsOptions) => {
      const now = new Date()
      const today = now.toISOString().slice(0, 10)
      const held = await refused(() => heldDrills(recordsIn(options.folder), policyOf(options)))
      const open = held
        .filter(({ closed }) => !closed)
        .map((drill) => ({ ...drill, ageDays: ageDays(drill, now), overdue: drill.dueOn < today }))
      process.stdout.write(
        options.json ? `${JSON.stringify({ held: held.length, open }, undefined, 2)}\n` : rendered(open, held.length),
      )
      if (open.some(({ overdue }) => overdue)) process.exitCode = 1
    })
}

/** `recovery drill close <drill...> --lessons <file>`. */
export function closeDrillCommand(): Command {
  return here(new Command('close'))
    .argument('<drill>', "id of the drill, as 'recovery drill open' lists it")
    .description('record what was learned from a drill, once; only then it counts as closed')
    .requiredOption('--lessons <file>', 'the filled template that lies beside the report')
    .addOption(
      new Option('--as <role/name>', "who closes it, such as 'Compliance Officer/first'").env('RECOVERY_ACTOR'),
    )
    .action(async (drill: string, options: LessonsOptions & { lessons: string; as?: string }) => {
      const { folder, preset, as } = options
      const world = await operatorWorld({
        target: 'local',
        environment: 'production',
        folder,
        ...(preset && { preset }),
        ...(as && { as }),
      })
      const text = await readFile(options.lessons, 'utf8').catch((cause: unknown) => {
        throw new UserError(
          'LESSONS_UNREADABLE',
          `'${options.lessons}' cannot be read`,
          'name the filled template that lies beside the report of the drill',
          { cause },
        )
      })
      const closed = await refused(() =>
        closeDrill({ ...world, records: recordsIn(folder), lessons: new FolderWriteOnceStore(folder) }, drill, text),
      )
      process.stdout.write(
        options.json
          ? `${JSON.stringify(closed, undefined, 2)}\n`
          : `${pc.green('closed')} ${drill}: lessons ${closed.sha256}\n`,
      )
    })
}

type Open = HeldDrill & { readonly ageDays: number; readonly overdue: boolean }

const rendered = (open: readonly Open[], held: number): string =>
  [
    ...open.map(
      ({ drill, scenario, outcome, dueOn, overdue, ...one }) =>
        `${overdue ? pc.red('overdue') : pc.yellow('open')} ${drill}: ${scenario}, ${outcome}, ${one.ageDays} days old, lessons due ${dueOn}`,
    ),
    `${open.length} of ${held} drills are open`,
    '',
  ].join('\n')
