import { join } from 'node:path'
import { serverAt } from '../../adapters/local/client-recipe'
import { drawCharts } from '../../adapters/local/charts'
import { requireUnfilled } from '../../adapters/local/disk-space'
import { localDeployments } from '../../adapters/local/deployments'
import { folderControls } from '../../adapters/local/folder-controls'
import { FIRST_RELEASE } from '../../adapters/local/deployments/clinic-releases'
import { letPeopleWork, withPlatform } from '../../adapters/local/kept-world'
import { platformOf } from '../../adapters/local/platform'
import type { StandingWorld } from '../../adapters/local/standing-world'
import { measureWorkload } from '../../core/measurement'
import type { Reporter } from '../../core/ports/reporter'
import { rollback } from '../../core/runbook/rollback'
import { conclude, type Rehearsed } from '../conclusion'
import { readEvents } from '../logs'
import { onStage, type DrillSize } from '../stage'
import { act, recorded } from './act'
import { judgeDeploymentFailure } from './judgement'
import { thereAndBack } from './there-and-back'

/**
 * Rehearses bad releases under live traffic: a setting, a program, and everything with a migration. Each is noticed by the share
 * of requests that fail, and put back; then the last rollback is itself rolled back, and that again, by two operators at once.
 */
export function deploymentFailure(
  options: DrillSize,
  reporter: Reporter,
  draw: typeof drawCharts = drawCharts,
): Promise<Rehearsed> {
  const { policy } = options
  const { workload } = policy.rehearsal
  let platform: StandingWorld | undefined
  const hosted = () => {
    if (!platform) throw new Error('the platform of this drill is not hosted yet')
    return platform
  }
  const scenery = {
    drill: 'deployment-failure',
    size: options,
    world: { replication: 'async' },
    surroundings: {
      before: async (world) => {
        platform = await withPlatform(world, policy, (text) => reporter.emit({ code: 'DRILL_PROGRESS', text }))
      },
      ports: (local) => ({
        ...local,
        deployments: localDeployments(platformOf(hosted())),
        controls: folderControls({ policy, folder: options.folder, assembly: join('cdk.out', policy.environment) }),
      }),
    },
  } satisfies Parameters<typeof onStage>[0]
  return onStage(scenery, reporter, async (stage) => {
    const { world, ports, say } = stage
    const people = await letPeopleWork(world, hosted())
    const { log } = people
    const played = { stage, platform: hosted(), log }
    await recorded(played, FIRST_RELEASE)
    say('people at work')
    await ports.clock.sleep(workload.beforeFaultSeconds * 1000)

    const settings = await act(played, 'config-only', 'v1.4.2')
    await stage.incidents.close(settings.answered)
    const program = await act(played, 'partial', 'v1.4.1')
    await stage.incidents.close(program.answered)
    const all = await act(played, 'full', 'v1.5.0')
    const again = await thereAndBack(played, all)
    await people.leave()
    await requireUnfilled(world.folder)

    const measured = await measureWorkload(readEvents(log), {
      faultNs: all.struck.ns,
      recoveredEndpoint: serverAt(world.endpointOf(world.primary)),
      bucketSeconds: 0.25,
    })
    const { seen } = all
    const { outage: _, ...without } = measured
    const observation = {
      measured: seen
        ? {
            ...without,
            outage: {
              fromSeconds: seen.fromSeconds,
              toSeconds: seen.toSeconds,
              seconds: seen.toSeconds - seen.fromSeconds,
            },
          }
        : without,
    }
    const judgement = await judgeDeploymentFailure(played, { settings, program, all, again })
    return conclude(
      stage,
      {
        ...judgement,
        answered: all.answered,
        runs: [all, program, settings].map(({ run }) => ({ runbook: rollback, run })),
        observation,
        oldPrimary: [],
        record: {
          measurements: {
            releases: [settings, program, all].map(({ release }) => release.sequence),
            ...judgement.counted,
          },
          controls: ['RELEASE-ROLLBACK', 'DATA-INTEGRITY'],
        },
        scene: { fault: 'bad release', replication: 'async', from: all.release.tag, to: FIRST_RELEASE },
        notes: [
          'A release that fails now and then serves in between: its outage lasts from the first attempt that failed to the first that was acknowledged after the last failed one.',
          'The version before stays warm beside the one that is live, as behind an alias or an instant rollback; the local times know no cold start.',
          'The objectives in seconds are of the rehearsal; the procedure allows 15, 5 and 2 minutes in production.',
        ],
      },
      draw,
    )
  })
}
