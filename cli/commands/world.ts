import { resolve } from 'node:path'
import { Argument, Command, Option } from 'commander'
import { localDeployments } from '../../adapters/local/deployments'
import { CLINIC_RELEASES, FIRST_RELEASE, type ClinicRelease } from '../../adapters/local/deployments/clinic-releases'
import { rollOut } from '../../adapters/local/deployments/roll-out'
import { endWorld, keepWorld, letPeopleWork } from '../../adapters/local/kept-world'
import { platformOf } from '../../adapters/local/platform'
import { requireStandingWorld } from '../../adapters/local/standing-world'
import type { Policy } from '../../core/policy'
import { ENVIRONMENTS } from '../../policy'
import { chosenPolicy, type PolicyOptions } from '../chosen-policy'
import { askDesk } from '../desk'

interface Options {
  readonly folder: string
  readonly json?: true
}
type Up = Options & PolicyOptions & { readonly rows?: number }

/** `recovery world`: a local world that stands until it is ended, for the commands that need something to act on. */
export function worldCommand(): Command {
  return new Command('world')
    .description('a world of two regions on this machine that stands, for commands that need one')
    .addCommand(up())
    .addCommand(deploy())
    .addCommand(status())
    .addCommand(down())
}

/** As a pipeline does once it has rolled a release out. */
const record = (folder: string, environment: Policy['environment'], tag: string) =>
  askDesk({ target: 'local', folder, environment, as: 'operator/pipeline' }, { operation: 'record-release', tag })

const say = (text: string): void => void process.stderr.write(`${text}\n`)

const inFolder = (command: Command): Command =>
  command.option('--folder <dir>', 'where its description lies', '.recovery').option('--json', 'one JSON document')

const up = () =>
  inFolder(new Command('up'))
    .description('build a world with a healthy release and people at work, and keep it until Ctrl-C')
    .addOption(
      new Option('--environment <name>', 'whose policy it has').choices([...ENVIRONMENTS]).default('production'),
    )
    .option('--preset <file>', 'JSON file that chooses another recovery region')
    .option('--rows <patients>', 'patients to seed (default: as many as a drill)', Number)
    .action(async (options: Up) => {
      const policy = chosenPolicy(options)
      const { world, described } = await keepWorld(
        resolve(options.folder),
        policy,
        options.rows ?? policy.rehearsal.workload.rows,
        say,
      )
      const { applications, environment } = described
      await letPeopleWork(world, described)
      await record(options.folder, environment, FIRST_RELEASE)
      say('the world stands')
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ environment, applications, folder: described.folder })}\n`
          : [
              `a world stands for ${environment}; in another terminal:`,
              '  export RECOVERY_TARGET=local',
              ...applications.map(({ name, port }) => `  curl http://127.0.0.1:${port}/version   # ${name}`),
              '  npx recovery world deploy v1.5.0   # a bad release, to roll back',
              "end it with Ctrl-C here, or 'npx recovery world down'",
              '',
            ].join('\n'),
      )
      await new Promise<never>(() => setInterval(() => undefined, 60_000))
    })

const deploy = () =>
  inFolder(new Command('deploy'))
    .description('roll a release out to the world that stands, without asking whether it is any good')
    .addArgument(new Argument('<release>', 'the release').choices(Object.keys(CLINIC_RELEASES)))
    .action(async (release: ClinicRelease, { folder, json }: Options) => {
      const world = await requireStandingWorld(resolve(folder))
      const { releases } = chosenPolicy({ environment: world.environment })
      await rollOut(platformOf(world), releases, CLINIC_RELEASES[release], `roll-out-${release}-${Date.now()}`)
      await record(folder, world.environment, release)
      process.stdout.write(json ? `${JSON.stringify({ release })}\n` : `${release} is rolled out, and on record\n`)
    })

const status = () =>
  inFolder(new Command('status'))
    .description('what is in force of the platform, and whether it serves')
    .action(async ({ folder, json }: Options) => {
      const world = await requireStandingWorld(resolve(folder))
      const deployments = localDeployments(platformOf(world))
      const { components } = chosenPolicy({ environment: world.environment }).releases
      const seen = await Promise.all(
        components.map(async (component) => ({
          component: component.name,
          inForce: (await deployments.inForce(component)) ?? null,
          serves: await deployments.serves(component),
        })),
      )
      const lines = seen.map(
        ({ component, inForce, serves }) =>
          `${component.padEnd(10)} ${(inForce ?? 'nothing').padEnd(20)} ${serves ? 'serves' : 'DOES NOT SERVE'}`,
      )
      process.stdout.write(json ? `${JSON.stringify(seen, undefined, 2)}\n` : `${lines.join('\n')}\n`)
    })

const down = () =>
  inFolder(new Command('down'))
    .description('end the world that stands')
    .action(async ({ folder, json }: Options) => {
      const ended = await endWorld(resolve(folder))
      process.stdout.write(
        json ? `${JSON.stringify({ ended })}\n` : ended ? 'the world is ended\n' : 'no world stood\n',
      )
    })
