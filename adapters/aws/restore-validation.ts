import { readFileSync } from 'node:fs'
import { BackupClient } from '@aws-sdk/client-backup'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import type { InstanceDescription } from '../../core/ports/database'
import { hasRecoveryRegion } from '../../core/policy/two-regions'
import { baselineBefore } from '../../core/readiness/baseline-history'
import { leftCopies } from '../../core/verification/left-copies'
import { provenRestores } from '../../core/verification/proven-restores'
import { verifyRestore, type RestoreOutcome, type RestoreVerification } from '../../core/verification/verify-restore'
import { systemClock } from '../local/clock'
import type { TableBaseline } from '../postgres/fingerprint/baseline'
import { BackupRestoreTests } from './backup-restore-tests'
import { clientSettings } from './client-settings'
import { copyChecks } from './copy-checks'
import { setting, type AwsEnvironment } from './environment'
import { publish } from './metrics'
import { databaseAt, signedLogin, type OwnDatabase } from './own-database'
import { ownEvidence } from './own-evidence'
import { ownWorld } from './own-world'
import { validatedTables } from './protected-tables'
import { RelayedConditionalStore } from './relayed-conditional-store'
import { RdsRestoredCopies } from './rds-restored-copies'

/** Longest wait for a function that asks a table or a database. */
const ASKED_MS = 75_000

type Reach = (copy: InstanceDescription) => OwnDatabase

/** What is done about the restore tests of a region. */
export interface RestoreValidation {
  /** Judges the copy of one test. */
  readonly verify: (jobId: string) => Promise<RestoreOutcome>
  /** Publishes how many tests of the plan that has fewest have passed lately. */
  readonly count: () => Promise<{ readonly status: 'counted'; readonly code: string }>
}

/** The restore tests of the function's region. Throws where the policy has none, since nothing could start it then. */
export function restoreValidation(environment: AwsEnvironment, reach?: Reach): RestoreValidation {
  const world = ownWorld(environment)
  const { policy, region } = world
  const { restoreTesting, objectives, database } = policy
  if (restoreTesting.mode === 'none') throw new Error(`no restores are tested: ${restoreTesting.reason}`)
  const authority = readFileSync(setting(environment, 'databaseAuthorities'), 'utf8')
  const lambda = new LambdaClient(clientSettings(region, { attempts: 1, answerMs: ASKED_MS }))
  const twoRegions = hasRecoveryRegion(policy) ? beyond(environment, region, lambda) : undefined
  const tests = new BackupRestoreTests(new BackupClient(clientSettings(region)))
  const plans = setting(environment, 'restoreTestPlans').split(',')
  const evidence = ownEvidence(environment, world, 'restore-validator')
  const verification: RestoreVerification = {
    tests,
    copies: new RdsRestoredCopies(new RDSClient(clientSettings(region)), {
      region,
      tables: validatedTables(policy),
      examinationMs: restoreTesting.examinationSeconds * 1000,
      clock: systemClock,
      baseline: async (moment) =>
        twoRegions &&
        ((await baselineBefore(twoRegions.places.recovery, moment)) as unknown as TableBaseline[] | undefined),
      inspect: copyChecks({
        policy,
        keyArns: setting(environment, 'copyKeys').split(','),
        ...twoRegions,
      }),
      reach:
        reach ??
        (({ instance, endpoint: { host, port } }) =>
          databaseAt(
            { region, instance },
            { name: host, host, port, database: database.name, authority },
            signedLogin(host, port, region),
          )),
    }),
    evidence,
    clock: systemClock,
    plans,
    expected: {
      checks: restoreTesting.checks.filter((check) => twoRegions !== undefined || check !== 'performance'),
      oldestHeartbeatSeconds: restoreTesting.oldestHeartbeatMinutes * 60,
      restoreSeconds: objectives.rto.dataRecoveryMinutes * 60,
    },
  }
  const { provenWithinDays } = restoreTesting
  return {
    verify: async (jobId) => {
      const outcome = await verifyRestore(verification, jobId)
      if (outcome.status !== 'ignored')
        publish('restoreTestFailures', outcome.status === 'failed' ? 1 : 0, systemClock.now())
      return outcome
    },
    count: async () => {
      const proven = await provenRestores({ tests, clock: systemClock, plans, provenWithinDays })
      publish('provenRestores', proven, systemClock.now())
      const left = await leftCopies({
        ...verification,
        evidence,
        lookBackDays: provenWithinDays,
        goneAfterHours: restoreTesting.startWindowHours + restoreTesting.validationWindowHours,
      })
      publish('leftTestCopies', left, systemClock.now())
      return { status: 'counted', code: left > 0 ? 'COPY_LEFT' : proven > 0 ? 'PROVEN' : 'NOTHING_PROVEN' }
    },
  }
}

/** What a topology of two regions has besides: the tables of coordination, and a function beside the database of each region. */
function beyond(environment: AwsEnvironment, region: string, lambda: LambdaClient) {
  const reader = setting(environment, 'coordinationReader')
  const relayed = (place: 'recovery' | 'witness') => new RelayedConditionalStore(lambda, reader, place, ASKED_MS)
  return {
    places: { recovery: relayed('recovery'), witness: relayed('witness') },
    beside: {
      client: lambda,
      name: setting(environment, 'contentReader'),
      instance: { region, instance: setting(environment, 'servingInstance') },
    },
  }
}
