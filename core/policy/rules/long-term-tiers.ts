import { mostDaysIn } from '../retention'
import { fromAwsCron, worstGapHours } from '../schedule'
import { rule, when, type Rules } from './rule'

const tierScheduleIsReadable = rule(
  'each tier of backups fires when it says',
  ['backup.longTermTiers', 'backup.schedule.timeZone'],
  ({ backup: { longTermTiers } }) =>
    longTermTiers.flatMap(({ cron }, i) => {
      try {
        fromAwsCron(cron)
        return []
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        return when(true, `backup.longTermTiers.${i}.cron`, problem, 'write it as cron(0 5 ? * SAT *)')
      }
    }),
)

const tierNamesAreUnique = rule('each tier is a rule of its own in the plan', ['backup.longTermTiers'], ({ backup }) =>
  backup.longTermTiers.flatMap(({ name }, i, tiers) =>
    when(
      tiers.findIndex((other) => other.name === name) !== i,
      `backup.longTermTiers.${i}.name`,
      `'${name}' is used twice`,
      'choose another name',
    ),
  ),
)

const tierKeepsLongerThanSnapshots = rule(
  'a tier is kept longer than the daily snapshots, else it protects nothing that they do not',
  ['backup.longTermTiers', 'backup.snapshotRetentionDays'],
  ({ backup: { longTermTiers, snapshotRetentionDays } }) =>
    longTermTiers.flatMap(({ retentionDays }, i) =>
      when(
        retentionDays <= snapshotRetentionDays,
        `backup.longTermTiers.${i}.retentionDays`,
        `is ${retentionDays}, the daily snapshots are kept ${snapshotRetentionDays}`,
        'keep it longer, or remove the tier',
      ),
    ),
)

const tierRecursBeforeItEnds = rule(
  'a tier always holds a recovery point',
  ['backup.longTermTiers', 'backup.schedule.timeZone'],
  ({ backup: { longTermTiers, schedule } }) =>
    longTermTiers.flatMap(({ cron, retentionDays }, i) => {
      const gapDays = gapInDays(cron, schedule.timeZone)
      return when(
        gapDays !== undefined && gapDays >= retentionDays,
        `backup.longTermTiers.${i}.retentionDays`,
        `is ${retentionDays}, while ${gapDays} days can pass between two backups`,
        'keep it longer than the longest pause',
      )
    }),
)

const tierEndsWithItsDataClass = rule(
  'no tier keeps a class of data longer than the class may be kept',
  ['backup.longTermTiers', 'dataClasses'],
  ({ backup: { longTermTiers }, dataClasses }) =>
    longTermTiers.flatMap(({ retentionDays, dataClasses: named }, i) =>
      named.flatMap((name, j) => {
        const most = mostDaysIn(dataClasses[name].retentionYears)
        return when(
          retentionDays > most,
          `backup.longTermTiers.${i}.dataClasses.${j}`,
          `is '${name}', kept for at most ${most} days, in a tier of ${retentionDays} days`,
          'leave the class out, or shorten the tier',
        )
      }),
    ),
)

const lockAcceptsTiers = rule(
  'a lock never makes the backup of a tier fail',
  ['backup.longTermTiers', 'backup.vaults.snapshots.lock', 'backup.vaults.copies.lock'],
  ({ backup: { longTermTiers, vaults } }) =>
    (['snapshots', 'copies'] as const).flatMap((name) => {
      const { lock } = vaults[name]
      if (lock.mode === 'none') return []
      return longTermTiers.flatMap(({ retentionDays }, i) =>
        when(
          retentionDays < lock.minRetentionDays || retentionDays > lock.maxRetentionDays,
          `backup.longTermTiers.${i}.retentionDays`,
          `is ${retentionDays}, the lock of the vault of ${name} accepts ${lock.minRetentionDays} to ${lock.maxRetentionDays}`,
          'widen the lock or change the retention',
        ),
      )
    }),
)

/** Undefined for a schedule that tierScheduleIsReadable refuses. */
function gapInDays(cron: string, timeZone: string): number | undefined {
  try {
    return Math.ceil(worstGapHours(cron, timeZone) / 24)
  } catch {
    return undefined
  }
}

export const longTermTierRules: Rules = {
  tierScheduleIsReadable,
  tierNamesAreUnique,
  tierKeepsLongerThanSnapshots,
  tierRecursBeforeItEnds,
  tierEndsWithItsDataClass,
  lockAcceptsTiers,
}
