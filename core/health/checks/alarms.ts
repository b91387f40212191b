import { ALARMS, alarmOf, type AlarmId } from '../../detection/alarms'
import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'

/** Rings by what is found here: counting it would keep it ringing for good. */
const OWN: AlarmId = 'unhealthy'

/** No alarm of the region rings. A region that has none at all was not looked at. */
export const alarms: HealthJudge = ({ alarms: seen }, { alarmPrefix }) => {
  if (alarmPrefix === undefined) return undefined
  const ours = seen.seen
    ? seen.value.flatMap(({ name, state }) => {
        const known = alarmOf(alarmPrefix, name)
        return known && known.id !== OWN ? [{ name, state, severity: ALARMS[known.id].severity }] : []
      })
    : []
  if (seen.seen && ours.length === 0) return { looked: 0, found: [], unseen: ['NO_ALARMS'] }
  const judged = judgeOne(seen, () =>
    ours
      .filter(({ state }) => state === 'alarm')
      .map(({ name, severity }) => found(severity === 'critical' ? 'alarm-critical' : 'alarm-ringing', name)),
  )
  const blind = ours.some(({ state }) => state === 'no-data') ? ['ALARM_WITHOUT_DATA'] : []
  return { ...judged, looked: ours.length, unseen: [...judged.unseen, ...blind] }
}
