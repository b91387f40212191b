import { found, judgeOne, minutesSince } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

const SUBJECT = 'backups'

/** The newest daily look at the backups of the region is young and found nothing. What it could not see is unknown here too. */
export const backups: HealthJudge = (facts, { backups: expected, backupsLookedAtMinutes: most }) => {
  if (!expected) return undefined
  const { backups: seen } = facts
  if (seen.seen && seen.value === null) return { looked: 0, found: [], unseen: ['NEVER_LOOKED_AT'] }
  if (seen.seen && seen.value?.outcome === 'inconclusive') return { looked: 0, found: [], unseen: ['INCONCLUSIVE'] }
  return judgeOne(seen, (value) => {
    if (value === null) return []
    const minutes = Math.round(minutesSince(value.finishedAt, facts))
    return [
      ...(minutes > most ? [found('backups-unwatched', SUBJECT, { minutes, most })] : []),
      ...(value.outcome === 'succeeded' ? [] : [found('backups-bad', SUBJECT)]),
    ]
  })
}
