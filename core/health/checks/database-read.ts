import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

/** The database of the region answers a session, whether it serves or stands by. */
export const databaseRead: HealthJudge = ({ database }, { own }) =>
  judgeOne(database, (seen) => (seen.reads ? [] : [found('read-refused', own.instance, { code: seen.code })]))
