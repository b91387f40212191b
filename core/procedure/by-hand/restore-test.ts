import type { StepsByHand } from './by-hand'
import { restoring } from './restoring'
import { SHARED } from './shared'

export const RESTORE_TEST: StepsByHand = {
  ...restoring('choose', 'removed'),
  examine: {
    commands: [
      ...SHARED['validate']!.commands,
      `sql "$SUCCESSOR_HOST" 'select heartbeat_at from recovery_guard.lease'`,
    ],
    goOnWhen:
      'every check passed and the newest heartbeat is close to TARGET. Write down what did not; the copy goes either way.',
  },
  remove: {
    commands: [
      'test "$COPY" != "$WRITER" && aws rds delete-db-instance --region "$WRITER_REGION" --db-instance-identifier "$COPY" --skip-final-snapshot --delete-automated-backups',
      'aws rds wait db-instance-deleted --region "$WRITER_REGION" --db-instance-identifier "$COPY"',
    ],
    goOnWhen: 'the copy is gone and the old instance is not.',
  },
  report: SHARED['report']!,
}
