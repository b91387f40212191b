import { Command } from 'commander'
import { FINDING_CODES } from '../../core/compliance/finding-kinds'
import type { DrillResult } from '../../core/measurement'
import type { TwoRegionPolicy } from '../../core/policy'
import { complianceViolation } from '../../drills/compliance-violation'
import { dataCorruption } from '../../drills/data-corruption'
import { databaseFailure } from '../../drills/database-failure'
import { deploymentFailure } from '../../drills/deployment-failure'
import { fullDr, type Part } from '../../drills/full-dr'
import { regionalOutage } from '../../drills/regional-outage'
import { securityIncident } from '../../drills/security-incident'
import type { DrillSize } from '../../drills/stage'
import { withProgress } from '../progress'

interface Shared {
  readonly folder: string
  readonly rehearsed: (preset?: string) => TwoRegionPolicy
  readonly answer: (result: DrillResult, json: true | undefined) => void
  /** Adds the options of how large a drill is. */
  readonly sized: (command: Command) => Command
}

interface Options extends Pick<DrillSize, 'rows' | 'clients'> {
  readonly preset?: string
  readonly json?: true
}

/** `recovery drill full-dr`: every disaster, one after the other. */
export const fullDrCommand = ({ rehearsed, answer, folder, sized }: Shared): Command =>
  sized(new Command('full-dr'))
    .description('the monthly full drill: every disaster one after the other, judged together; takes some minutes')
    .action(async ({ json, preset, ...size }: Options) => {
      const policy = rehearsed(preset)
      const result = await withProgress('Full drill', !json, (reporter) =>
        fullDr({ policy, folder, parts: partsOf({ policy, folder, ...size }, preset) }, reporter),
      )
      answer(result, json)
    })

function partsOf(size: DrillSize & { readonly policy: TwoRegionPolicy }, preset: string | undefined): readonly Part[] {
  return [
    {
      name: 'database failure',
      play: async (reporter) => (await databaseFailure({ ...size, fault: 'process', zone: 'sync' }, reporter)).result,
    },
    {
      name: 'regional outage',
      play: async (reporter) => {
        const { roundTripMs } = size.policy.rehearsal.distance
        const outage = { ...size, fault: 'host', replication: 'async', replayPausedSeconds: 0, failback: true } as const
        const controls = preset ? { preset } : {}
        const also = { clinic: { roundTripMs }, controls, leavesBackups: true }
        return (await regionalOutage({ ...outage, ...also }, reporter)).result
      },
    },
    ...(['application', 'page'] as const).map((kind) => ({
      name: `data corruption by ${kind}`,
      play: async (reporter: Parameters<Part['play']>[0]) => (await dataCorruption({ ...size, kind }, reporter)).result,
    })),
    {
      name: 'security incident',
      play: async (reporter) => (await securityIncident(size, reporter)).result,
    },
    {
      name: 'deployment failure',
      play: async (reporter) => (await deploymentFailure(size, reporter)).result,
    },
    {
      name: 'compliance violation',
      play: (reporter) =>
        complianceViolation(
          { policy: size.policy, folder: size.folder, violations: FINDING_CODES, ...(preset && { preset }) },
          reporter,
        ),
    },
  ]
}
