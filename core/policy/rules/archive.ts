import { ONE_COPY_MINUTES } from '../../ports/archive-intake'
import { fromAwsCron, worstGapHours } from '../schedule'
import type { Policy } from '../schema'
import { hasRecoveryRegion } from '../two-regions'
import { overlap, startsInWeek, weeklyWindow } from '../weekly-window'
import { rule, safely, when, type Finding, type Rules } from './rule'

const archivedTables = ({ stores }: Policy) => stores.filter(({ archive }) => archive.mode === 'long-term')

const consentStaysOutOfTheArchive = rule(
  'what rests on consent alone can be erased when it is withdrawn (LGPD art. 8 and 16), and so is never locked for years',
  ['stores'],
  ({ stores }) =>
    stores.flatMap(({ id, restsOn, archive }, i) =>
      when(
        restsOn === 'consent' && archive.mode === 'long-term',
        `stores.${i}.archive.mode`,
        `archives '${id}', which rests on consent alone`,
        "use 'none' with the reason, or name the duty that it rests on",
      ),
    ),
)

const healthDataIsArchived = rule(
  'medical records outlive the backups (Lei 13.787/2018 art. 6)',
  ['stores', 'archive.classes.phi'],
  ({ stores }) =>
    stores.flatMap(({ id, kind, dataClass, restsOn, archive }, i) =>
      when(
        kind === 'table' && dataClass === 'phi' && restsOn !== 'consent' && archive.mode === 'none',
        `stores.${i}.archive.mode`,
        `keeps health data in '${id}' out of the archive`,
        "use 'long-term'",
      ),
    ),
)

const archivedStoresHaveAnArchive = rule(
  'what is archived has somewhere to go',
  ['stores', 'archive.classes'],
  ({ stores, archive: { classes } }) =>
    stores.flatMap(({ id, dataClass, archive }, i) =>
      when(
        archive.mode === 'long-term' && classes[dataClass].mode === 'none',
        `stores.${i}.archive.mode`,
        `archives '${id}', but archive.classes.${dataClass} keeps nothing`,
        'archive the class too, or neither',
      ),
    ),
)

const everyArchiveHoldsAStore = rule('no class is archived for nothing', ['stores', 'archive.classes'], (policy) =>
  Object.entries(policy.archive.classes).flatMap(([name, { mode }]) =>
    when(
      mode === 'archive' && !archivedTables(policy).some(({ dataClass }) => dataClass === name),
      `archive.classes.${name}.mode`,
      `archives ${name}, of which no store is archived`,
      "use 'none' with the reason, or archive a store of it",
    ),
  ),
)

const onlyTablesAreArchived = rule('what is archived is exported by its table', ['stores'], ({ stores }) =>
  stores.flatMap(({ id, kind, archive }, i) =>
    when(
      archive.mode === 'long-term' && (kind !== 'table' || !/^\w+\.\w+$/.test(id)),
      `stores.${i}.archive.mode`,
      `archives '${id}', which is no schema.table`,
      "use 'none' with the reason",
    ),
  ),
)

const healthDataNeverExpires = rule(
  'health data is deleted only by a disposal that people recorded and approved, never by a lifecycle',
  ['archive.classes.phi'],
  ({ archive: { classes } }) =>
    when(
      classes.phi.mode === 'archive' && classes.phi.disposal !== 'by-record',
      'archive.classes.phi.disposal',
      `is '${classes.phi.mode === 'archive' ? classes.phi.disposal : ''}'`,
      "use 'by-record'",
    ),
)

/** Days for which S3 charges an object in the class at least (S3 user guide, "Comparing the Amazon S3 storage classes"). */
const CHARGED_DAYS = { STANDARD_IA: 30, GLACIER_IR: 90, GLACIER: 90, DEEP_ARCHIVE: 180 } as const
/** S3 moves nothing to infrequent access before that age (S3 user guide, "Transitioning objects"). */
const INFREQUENT_ACCESS_FROM_DAYS = 30

const archiveTiersAscend = rule(
  'objects age through storage classes in order, and none is paid for twice',
  ['archive.classes'],
  ({ archive: { classes } }) =>
    Object.entries(classes).flatMap(([name, archived]) =>
      archived.mode === 'none'
        ? []
        : archived.tiers.flatMap(({ afterDays, storageClass }, i) => {
            const before = archived.tiers[i - 1]
            const earliest = before
              ? before.afterDays + CHARGED_DAYS[before.storageClass]
              : storageClass === 'STANDARD_IA'
                ? INFREQUENT_ACCESS_FROM_DAYS
                : 1
            return when(
              afterDays < earliest || (before !== undefined && before.storageClass === storageClass),
              `archive.classes.${name}.tiers.${i}.afterDays`,
              `moves to ${storageClass} after ${afterDays} days`,
              `move no earlier than ${earliest}, and each time to another class`,
            )
          }),
    ),
)

const archiveAlarmFollowsTimeControl = rule(
  'the alarm of late archive copies rings for what is late, not for what is on its way',
  ['archive.replicationAlarmMinutes'],
  ({ archive: { replicationAlarmMinutes } }) =>
    when(
      replicationAlarmMinutes < 15,
      'archive.replicationAlarmMinutes',
      `is ${replicationAlarmMinutes}, copies may take the 15 minutes of S3's replication time control`,
      'use at least 15',
    ),
)

/** The longest that Lambda runs (Lambda quotas), less a minute for everything that is no copy. Minutes. */
const RUN_MINUTES = 14

const copiesEndWithTheFunction = rule(
  'a step of an export ends before its function does: a copy that began at the last moment too',
  ['archive.export.copyMinutes'],
  ({ archive: { export: wanted } }) =>
    when(
      wanted.copyMinutes + ONE_COPY_MINUTES > RUN_MINUTES,
      'archive.export.copyMinutes',
      `is ${wanted.copyMinutes}, and one more copy may take ${ONE_COPY_MINUTES} minutes of the ${RUN_MINUTES} that a function has`,
      `use at most ${RUN_MINUTES - ONE_COPY_MINUTES}`,
    ),
)

type Dump = Extract<Policy['archive']['dump'], { readonly mode: 'scheduled' }>

/** Applies a check only where dumps are taken. */
const whereDumped =
  (check: (dump: Dump, policy: Policy) => readonly Finding[]) =>
  (policy: Policy): readonly Finding[] =>
    policy.archive.dump.mode === 'scheduled' ? check(policy.archive.dump, policy) : []

const dumpScheduleIsReadable = rule(
  'the dump fires when it says',
  ['archive.dump.cron'],
  whereDumped(({ cron }) => readable('archive.dump.cron', cron, 'cron(0 22 1 * ? *)')),
)

function readable(path: string, cron: string, example: string): readonly Finding[] {
  try {
    fromAwsCron(cron)
    return []
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return when(true, path, problem, `write it as ${example}`)
  }
}

const readBackScheduleIsReadable = rule(
  'the archive is read back when it says',
  ['archive.readBack.cron'],
  ({ archive: { readBack } }) => readable('archive.readBack.cron', readBack.cron, 'cron(0 22 12 1,4,7,10 ? *)'),
)

/** The longest quarter, from July or August on: for as long a record of the reading counts as proof of a control. */
const QUARTER_DAYS = 92

const archiveIsReadBackEachQuarter = rule(
  'somebody reads the archive each quarter, so that what nobody can read any more is found while its sources are there',
  ['archive.readBack.cron'],
  ({ archive: { readBack }, backup: { schedule } }) => {
    const gap = safely(() => worstGapHours(readBack.cron, schedule.timeZone))
    return when(
      gap !== undefined && gap > QUARTER_DAYS * 24,
      'archive.readBack.cron',
      `leaves ${gap} hours between two readings, and a quarter has ${QUARTER_DAYS * 24}`,
      'run it in each quarter, on the same day',
    )
  },
)

const everyStateIsDumpedBeforeItsBackupsExpire = rule(
  'no state of the database leaves the backups before the archive holds a later dump',
  ['archive.dump.cron', 'backup.snapshotRetentionDays'],
  whereDumped(({ cron }, { backup: { schedule, snapshotRetentionDays } }) => {
    const gap = safely(() => worstGapHours(cron, schedule.timeZone))
    return when(
      gap !== undefined && gap > snapshotRetentionDays * 24,
      'archive.dump.cron',
      `leaves ${gap} hours between two dumps, and snapshots are kept for ${snapshotRetentionDays * 24}`,
      'run it more often',
    )
  }),
)

const dumpIsClearOfMaintenance = rule(
  'no maintenance ends a dump half-way',
  ['archive.dump.cron', 'archive.dump.timeoutMinutes', 'database.maintenanceWindow'],
  whereDumped(({ cron, timeoutMinutes }, { backup: { schedule }, database: { maintenanceWindow } }) => {
    const { weekday, startUtc, endUtc } = maintenanceWindow
    const maintenance = weeklyWindow(weekday, startUtc, endUtc)
    const starts = safely(() => startsInWeek(cron, schedule.timeZone)) ?? []
    return when(
      starts.some((startMinute) => overlap({ startMinute, minutes: timeoutMinutes }, maintenance)),
      'archive.dump.cron',
      `can still run at ${weekday} ${startUtc} UTC, when maintenance begins`,
      'move it, or shorten archive.dump.timeoutMinutes',
    )
  }),
)

// Fargate has between 2 and 8 gigabytes for each core, in whole ones, and 30 at most for four.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
const fargateHasTheSizeOfTheDump = rule(
  'the task of the dump can be started',
  ['archive.dump.cpuUnits', 'archive.dump.memoryMegabytes'],
  whereDumped((dump) => sizeOfFargate('archive.dump.memoryMegabytes', dump)),
)

const fargateHasTheSizeOfTheReadBack = rule(
  'the task that reads the archive back can be started',
  ['archive.readBack.cpuUnits', 'archive.readBack.memoryMegabytes'],
  ({ archive: { readBack } }) => sizeOfFargate('archive.readBack.memoryMegabytes', readBack),
)

function sizeOfFargate(
  path: string,
  { cpuUnits, memoryMegabytes }: Pick<Dump, 'cpuUnits' | 'memoryMegabytes'>,
): readonly Finding[] {
  const [least, most] = [2 * cpuUnits, Math.min(8 * cpuUnits, 30 * 1024)]
  return when(
    memoryMegabytes % 1024 !== 0 || memoryMegabytes < least || memoryMegabytes > most,
    path,
    `is ${memoryMegabytes}, which Fargate does not have for ${cpuUnits} units of processor`,
    `use whole gigabytes between ${least} and ${most}`,
  )
}

const dumpHasItsRole = rule(
  'the role that reads the database for a dump is there: the preparation of a failover makes it',
  ['archive.dump.mode', 'topology.preset'],
  (policy) =>
    when(
      policy.archive.dump.mode === 'scheduled' && !hasRecoveryRegion(policy),
      'archive.dump.mode',
      "is 'scheduled' in a topology of one region, whose database nobody prepares",
      "use 'none' with the reason",
    ),
)

export const archiveRules: Rules = {
  consentStaysOutOfTheArchive,
  healthDataIsArchived,
  archivedStoresHaveAnArchive,
  everyArchiveHoldsAStore,
  onlyTablesAreArchived,
  healthDataNeverExpires,
  archiveTiersAscend,
  archiveAlarmFollowsTimeControl,
  copiesEndWithTheFunction,
  dumpHasItsRole,
  dumpScheduleIsReadable,
  everyStateIsDumpedBeforeItsBackupsExpire,
  dumpIsClearOfMaintenance,
  fargateHasTheSizeOfTheDump,
  readBackScheduleIsReadable,
  archiveIsReadBackEachQuarter,
  fargateHasTheSizeOfTheReadBack,
}
