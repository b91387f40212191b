import { Command, Option } from 'commander'
import { z } from 'zod'
import { askDesk, rehearsedRestores } from '../desk'
import { asOperator, operatorWorld, refused, type OperatorOptions } from '../operator'

type Region = 'primary' | 'recovery'
type Options = OperatorOptions & { readonly json?: true; readonly region: Region }

const listed = z.object({ keys: z.array(z.string()), more: z.number() })
const shown = z.looseObject({
  takenAt: z.string().optional(),
  settings: z.array(z.object({ name: z.string(), kind: z.string(), version: z.number(), modifiedAt: z.string() })),
  secrets: z.array(z.string()).optional(),
})
const planned = z.object({
  plan: z.object({
    put: z.array(z.string()),
    remove: z.array(z.string()),
    unchanged: z.number(),
    secretsThatDiffer: z.array(z.string()),
  }),
  digest: z.string(),
})

/** What a command that was not confirmed ends with. */
const NOT_CONFIRMED = 3

const inRegion = (command: Command): Command =>
  asOperator(command)
    .addOption(
      new Option('--region <role>', 'whose settings and copies').choices(['primary', 'recovery']).makeOptionMandatory(),
    )
    .option('--json', 'print one JSON document')

/** `recovery configuration`: what was in force, and back to it. No value of a setting is ever printed. */
export function configurationCommand(): Command {
  const versions = inRegion(new Command('versions'))
    .description('list backups of the whole environment, or versions of one setting, newest first')
    .addOption(
      new Option('--of <role>', 'region whose settings were copied')
        .choices(['primary', 'recovery'])
        .default('primary'),
    )
    .option('--setting <name>', 'one setting, such as /neonpro/configuration/mail/host')
    .action(async (options: Options & { of: Region; setting?: string }) => {
      const { region, of, setting } = options
      const call = {
        operation: 'configuration-versions',
        region,
        of,
        ...(setting !== undefined && { setting }),
      } as const
      const found = listed.parse(await askDesk(options, call))
      tell(options, found, [...found.keys, ...(found.more > 0 ? [`and ${found.more} older ones`] : [])])
    })
  const showVersion = inRegion(new Command('show-version'))
    .argument('<key>', "a key, as 'recovery configuration versions' lists it")
    .description('name what a backup or a version holds, without its values')
    .action(async (key: string, options: Options) => {
      const found = shown.parse(
        await askDesk(options, { operation: 'show-configuration', region: options.region, key }),
      )
      tell(options, found, [
        ...(found.takenAt === undefined ? [] : [`taken at ${found.takenAt}`]),
        ...found.settings.map(
          ({ name, kind, version, modifiedAt }) => `${name}: ${kind}, version ${version} of ${modifiedAt}`,
        ),
        ...(found.secrets ?? []).map((name) => `secret ${name}`),
      ])
    })
  const restore = inRegion(new Command('restore'))
    .argument('<key>', "a key, as 'recovery configuration versions' lists it")
    .description('put a backup or a version back in force; prints the plan and ends with 3 until it is confirmed')
    .requiredOption('--reason <code>', 'a code such as WRONG_VALUE; no free text')
    .option('--apply <digest>', 'carry out the plan of this digest, if it is still the plan')
    .action(restoreIn)
  const backup = inRegion(new Command('backup'))
    .description('copy the environment of a rehearsed region into both; in AWS a function does, by itself')
    .action(async (options: Options) => {
      const world = await operatorWorld({ ...options, target: 'local' })
      const made = await refused(() => rehearsedRestores(world, options).backup(options.region))
      tell(options, made, [made.key])
    })
  return new Command('configuration')
    .description('what was in force, and back to it; no value is ever printed')
    .addCommand(versions)
    .addCommand(showVersion)
    .addCommand(restore)
    .addCommand(backup)
}

async function restoreIn(key: string, options: Options & { reason: string; apply?: string }): Promise<void> {
  const { region, reason, apply } = options
  if (apply === undefined) {
    const { plan, digest } = planned.parse(await askDesk(options, { operation: 'plan-configuration', region, key }))
    tell(options, { plan, digest }, [
      ...linesOf(plan),
      `nothing was changed; carry it out with: recovery configuration restore ${key} --region ${region} --reason ${reason} --apply ${digest}`,
    ])
    process.exitCode = NOT_CONFIRMED
    return
  }
  const call = { operation: 'restore-configuration', region, key, digest: apply, reasonCode: reason } as const
  const done = planned.parse(await askDesk(options, call))
  tell(options, done, [...linesOf(done.plan), `restored in the ${region} region`])
}

const linesOf = ({ put, remove, unchanged, secretsThatDiffer }: z.output<typeof planned>['plan']): string[] => [
  ...put.map((name) => `put ${name}`),
  ...remove.map((name) => `remove ${name}`),
  ...secretsThatDiffer.map((name) => `secret ${name} is another version: roll it back at its own place`),
  `${unchanged} unchanged`,
]

function tell({ json }: Options, document: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : `${lines.join('\n')}\n`)
}
