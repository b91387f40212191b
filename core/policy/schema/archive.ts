import { z } from 'zod'
import { objectLock } from './object-lock'
import { count, cron, days, minutes, reason, text } from './values'

/** From this age on an object lies in another storage class of S3; each is cheaper to keep and dearer to read than the one before. */
const tier = z.strictObject({
  afterDays: days('age of an object at which it moves'),
  storageClass: z
    .enum(['STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'])
    .describe('storage class of S3 that it moves to'),
})

const archivedClass = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('archive').describe('whether data of this class is archived for the years of its class'),
    lock: objectLock,
    tiers: z.array(tier).describe('where objects move as they age; empty to leave them where they are'),
    disposal: z
      .enum(['by-record', 'after-retention'])
      .describe('whether only a recorded and approved disposal deletes, or S3 itself once the retention has passed'),
  }),
  z.strictObject({
    mode: z.literal('none').describe('whether data of this class is archived for the years of its class'),
    reason: reason('why nothing of this class is archived'),
  }),
])

/** What runs in a container, and how large it is. */
const fargateTask = {
  image: z.strictObject({
    repository: text('repository of the image in the registry of each data region; the stacks create it'),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'is sha256: and 64 hexadecimal digits')
      .describe('digest of the image that runs; a tag can be moved, this cannot'),
  }),
  // The sizes that Fargate has for them: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  cpuUnits: z
    .union([z.literal(1024), z.literal(2048), z.literal(4096)])
    .describe('processor of the task; 1024 is one core'),
  memoryMegabytes: count('memory of the task'),
}

/** What outlives the backups: one locked bucket per data class in each data region, for as long as the class is kept. */
export const archive = z.strictObject({
  classes: z.strictObject({
    phi: archivedClass,
    pii: archivedClass,
    financial: archivedClass,
    operational: archivedClass,
    public: archivedClass,
  }),
  replication: z
    .enum(['to-recovery', 'both-ways'])
    .describe(
      'which way copies go; both ways only once both regions are deployed, since S3 refuses a destination that does not exist',
    ),
  replicationAlarmMinutes: minutes('age of an archived object without its copy that raises the alarm'),
  export: z.strictObject({
    everyMinutes: count('whole minutes between two steps of an export'),
    copyMinutes: minutes('how long one step copies files; below the 15 of a function'),
    attempts: count('tasks of RDS that are tried for one month'),
    dueByDay: z.number().int().min(2).max(28).describe('day of the month after which its export is late; UTC'),
    stagedDays: days('age at which files that were exported leave the place where RDS writes them'),
  }),
  readBack: z.strictObject({
    cron: cron('when a reading back starts, in the time zone of the backup schedule'),
    timeoutMinutes: minutes('how long a reading back may take with all its attempts; it is late afterwards'),
    ...fargateTask,
  }),
  dump: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z
        .literal('scheduled')
        .describe('whether a task writes the archived tables as a dump that PostgreSQL restores'),
      cron: cron('when a dump starts, in the time zone of the backup schedule'),
      timeoutMinutes: minutes('how long a dump may take; it is late afterwards'),
      ...fargateTask,
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether a task writes the archived tables as a dump that PostgreSQL restores'),
      reason: reason('why the archive holds no dump'),
    }),
  ]),
  disposal: z.strictObject({
    approvalDays: days('how long two people have to approve a disposal'),
  }),
})
