import { fromAwsCron, worstGapHours } from '../schedule'
import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

type Tests = Extract<Policy['restoreTesting'], { readonly mode: 'scheduled' }>

/** Applies a check only where restores are tested. */
const whereTested =
  (check: (tests: Tests, policy: Policy) => readonly Finding[]) =>
  (policy: Policy): readonly Finding[] =>
    policy.restoreTesting.mode === 'scheduled' ? check(policy.restoreTesting, policy) : []

const restoreTestScheduleIsReadable = rule(
  'the restore test fires when it says',
  ['restoreTesting.cron'],
  whereTested(({ cron }) => {
    try {
      fromAwsCron(cron)
      return []
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return when(true, 'restoreTesting.cron', problem, 'write it as cron(0 10 ? * SUN *)')
    }
  }),
)

const restoresAreTestedWeekly = rule(
  'no two restore tests are more than a week apart, all year',
  ['restoreTesting.cron', 'backup.schedule.timeZone'],
  whereTested(({ cron }, { backup: { schedule } }) => {
    const gap = gapHours(cron, schedule.timeZone)
    return when(
      // A week of 169 hours is one in which clocks go back.
      gap !== undefined && gap > WEEK_HOURS + 1,
      'restoreTesting.cron',
      `leaves ${gap} hours between two tests`,
      'run it every week',
    )
  }),
)

// The window counts from the moment a test really runs: a shorter one can hold no recovery point at all, and the test is
// skipped. https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
const selectionWindowHoldsARecoveryPoint = rule(
  'every restore test finds a recovery point',
  ['restoreTesting.selectionWindowDays', 'restoreTesting.startWindowHours', 'backup.schedule'],
  whereTested(({ selectionWindowDays, startWindowHours }, { backup: { schedule } }) => {
    const gap = gapHours(schedule.cron, schedule.timeZone)
    if (gap === undefined) return []
    const windows = (schedule.startWindowMinutes + schedule.completionWindowMinutes) / 60
    const oldestHours = gap + windows + startWindowHours
    return when(
      selectionWindowDays * 24 <= oldestHours,
      'restoreTesting.selectionWindowDays',
      `is ${selectionWindowDays}, while the newest recovery point can be ${oldestHours} hours old`,
      `use at least ${Math.floor(oldestHours / 24) + 1}`,
    )
  }),
)

const restoresStayProven = rule(
  'a restore test that runs on time is never missed, and one that does not is missed within the second week',
  ['restoreTesting.provenWithinDays', 'restoreTesting.cron', 'restoreTesting.validationWindowHours'],
  whereTested(({ provenWithinDays, cron, startWindowHours, validationWindowHours }, { backup: { schedule } }) => {
    const gap = gapHours(cron, schedule.timeZone)
    // restoresAreTestedWeekly reports a longer gap.
    if (gap === undefined || gap > WEEK_HOURS + 1) return []
    const [least, most] = [Math.ceil((gap + startWindowHours + validationWindowHours) / 24), (2 * gap) / 24]
    return when(
      provenWithinDays < least || provenWithinDays >= most,
      'restoreTesting.provenWithinDays',
      `is ${provenWithinDays}, while two tests can be ${gap} hours apart, ${startWindowHours + validationWindowHours} more with their windows`,
      `use at least ${least} and less than ${most}`,
    )
  }),
)

const testedRecoveryPointsStillExist = rule(
  'a restore test is never sent to look for what has expired',
  ['restoreTesting.selectionWindowDays', 'backup.snapshotRetentionDays'],
  whereTested(({ selectionWindowDays }, { backup: { snapshotRetentionDays } }) =>
    when(
      selectionWindowDays > snapshotRetentionDays,
      'restoreTesting.selectionWindowDays',
      `is ${selectionWindowDays}, daily snapshots are kept ${snapshotRetentionDays}`,
      'shorten the window',
    ),
  ),
)

// A function runs for at most 15 minutes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const examinationFitsAFunction = rule(
  'the examination of a copy ends while there is time left to report it',
  ['restoreTesting.examinationSeconds'],
  whereTested(({ examinationSeconds }) =>
    when(
      examinationSeconds > LONGEST_EXAMINATION_SECONDS,
      'restoreTesting.examinationSeconds',
      `is ${examinationSeconds}`,
      `use at most ${LONGEST_EXAMINATION_SECONDS}: a function runs 900 seconds, and needs some to report`,
    ),
  ),
)

const WEEK_HOURS = 7 * 24
/** 15 minutes, less two for describing the job, reporting the verdict and appending the evidence. */
const LONGEST_EXAMINATION_SECONDS = 780

/** Undefined for a schedule that another rule refuses. */
function gapHours(cron: string, timeZone: string): number | undefined {
  try {
    return worstGapHours(cron, timeZone)
  } catch {
    return undefined
  }
}

export const restoreTestingRules: Rules = {
  restoreTestScheduleIsReadable,
  restoresAreTestedWeekly,
  selectionWindowHoldsARecoveryPoint,
  restoresStayProven,
  testedRecoveryPointsStillExist,
  examinationFitsAFunction,
}
