import { ALARMS, type AlarmId } from '../../core/detection/alarms'
import { resolvePolicy } from '../../policy'

/** The alarm of each indicator of the procedure. */
const OF_KPI: Readonly<Record<string, AlarmId>> = {
  availability: 'availability',
  recoveryTime: 'recovery-time',
  dataIntegrity: 'data-integrity',
  compliance: 'compliance',
}

it('every indicator of the procedure has an alarm of the register', () => {
  const { kpis } = resolvePolicy('production')
  expect(Object.keys(OF_KPI).toSorted()).toEqual(Object.keys(kpis).toSorted())
  expect(Object.values(OF_KPI).filter((alarm) => !(alarm in ALARMS))).toEqual([])
})
