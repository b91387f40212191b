import { Crashed } from '../../../adapters/memory/faults'
import { drive } from '../../../core/runbook/engine'
import { answered, runOf, worldOf, type Rehearsal } from './rehearsals'
import { isolateAndRecover } from './rehearsals/isolate-and-recover'
import { pointInTimeRecovery } from './rehearsals/point-in-time-recovery'

const MARKER = { kind: 'marker', name: 'before-release' }
const CASES: readonly { readonly rehearsal: Rehearsal; readonly input: object; readonly step: string }[] = [
  { rehearsal: pointInTimeRecovery, input: { operation: 'approval', target: MARKER }, step: 'decide' },
  { rehearsal: isolateAndRecover, input: { suspect: MARKER }, step: 'find-clean-point' },
]

it.each(CASES)(
  'a moment that nobody approved is never restored, though the driver died while it asked: $rehearsal.runbook.name',
  async ({ rehearsal, input, step }) => {
    const scenario = { name: 'a marker', prepare: answered(true), run: { input }, ends: '' }
    const around = await worldOf(rehearsal, scenario)
    const setMarker = (secondsAgo: number) =>
      around.moments.set(MARKER.name, new Date(around.clock.now().getTime() - secondsAgo * 1000).toISOString())
    setMarker(7200)
    const run = () => drive(rehearsal.runbook, around.ports(), runOf(rehearsal, scenario))
    // Its question is stored, and the journal does not know that it was.
    around.recorder.faultOf = async (call) => {
      if (call !== 'recovery.replace') return undefined
      for await (const _ of around.stores.recovery.list(`approvals/run-1/${step}/`)) return 'crash-before'
      return undefined
    }
    await expect(run()).rejects.toBeInstanceOf(Crashed)
    around.recorder.revive()
    around.recorder.faultOf = () => undefined
    setMarker(3600)
    expect((await run()).stoppedBy).toEqual({ step, code: 'TARGET_MOVED' })
    expect(around.effects.filter((effect) => effect.startsWith('restore'))).toEqual([])
  },
)
