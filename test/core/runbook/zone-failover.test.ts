import { Crashed } from '../../../adapters/memory/faults'
import { drive } from '../../../core/runbook/engine'
import { runOf, worldOf } from './rehearsals'
import { zoneFailover } from './rehearsals/zone-failover'

const [success] = zoneFailover.crashes

it('knows the zone that was left by the request, though its driver died and comes back when all is over', async () => {
  const around = await worldOf(zoneFailover, success!)
  const run = () => drive(zoneFailover.runbook, around.ports(), runOf(zoneFailover, success!))
  around.recorder.faultOf = (call) => (call === 'zoneStandby.failOver' ? 'crash-after' : undefined)
  await expect(run()).rejects.toBeInstanceOf(Crashed)
  around.recorder.revive()
  around.recorder.faultOf = () => undefined
  await around.clock.sleep(600_000)
  const state = await run()
  expect([state.outcome, state.steps['fail-over']!.output]).toEqual(['succeeded', { from: 'a', to: 'b' }])
  expect(around.effects.filter((effect) => effect.startsWith('fail-over'))).toHaveLength(1)
})

it('names no control in its evidence that it has done nothing for: the standby holds its erasures', async () => {
  const around = await worldOf(zoneFailover, success!)
  await drive(zoneFailover.runbook, around.ports(), runOf(zoneFailover, success!))
  expect([...around.evidence.values()].map(({ controls }) => controls)).toEqual([
    ['RTO-CRITICAL-SERVICES', 'SINGLE-WRITER'],
  ])
})
