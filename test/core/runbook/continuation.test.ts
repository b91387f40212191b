import { continuationOf } from '../../../core/runbook/continuation'
import { drive } from '../../../core/runbook/engine'
import { regionFailover } from '../../../core/runbook/region-failover'
import type { MemoryWorld } from '../../../adapters/memory/world'
import { failover, world } from './failover'
import { runOf, worldOf } from './rehearsals'
import { isolateAndRecover } from './rehearsals/isolate-and-recover'

async function stopped(prepare: (around: MemoryWorld) => void) {
  const around = await world()
  prepare(around)
  return continuationOf(regionFailover, await drive(regionFailover, around.ports(), failover()))
}

it('says nothing of a run that succeeded', async () => {
  expect(await stopped(() => {})).toBeUndefined()
})

it('starts over after a run that was undone, at the step that stopped it', async () => {
  const plan = await stopped((around) => (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }))
  expect(plan).toMatchObject({
    step: 'confirm',
    code: 'STILL_WRITING',
    direction: 'start-over',
    undone: ['claim-epoch'],
  })
  expect(plan!.byHand.map(({ step }) => step)).toEqual(['confirm'])
})

it('undoes by hand what could not be undone', async () => {
  const plan = await stopped((around) => {
    around.recorder.faultOf = (call) => (call.startsWith('witness.') ? 'unreachable' : undefined)
  })
  expect(plan).toMatchObject({ step: 'fence', direction: 'undo-by-hand', undone: [] })
  expect(plan!.byHand).toEqual([
    { step: 'claim-epoch', doThis: expect.stringContaining('Hand the right to write back') },
  ])
})

it('goes forward once the promotion began, step by step, and never back', async () => {
  const plan = await stopped((around) => (around.verdict = 'fail'))
  expect(plan).toMatchObject({ step: 'validate', code: 'DATA_INVALID', direction: 'forward', undone: [] })
  expect(plan!.byHand.map(({ step }) => step)).toEqual([
    'validate',
    'replay-ledger',
    'bring-up',
    'settle-epoch',
    'open',
    'promote-secrets',
    'serve',
  ])
})

it('names what has failed on the way and held nobody up', async () => {
  const scenario = { name: '', run: { input: { suspect: undefined } }, ends: '' }
  const around = await worldOf(isolateAndRecover, scenario)
  around.recorder.faultOf = (call) => (call === 'forensics.preserve' ? 'denied' : undefined)
  const run = await drive(isolateAndRecover.runbook, around.ports(), runOf(isolateAndRecover, scenario))
  const plan = continuationOf(isolateAndRecover.runbook, run)
  expect(plan).toMatchObject({ step: 'find-clean-point', code: 'CLEAN_POINT_UNKNOWN', direction: 'forward' })
  expect(plan!.byHand.map(({ step }) => step).slice(0, 2)).toEqual(['preserve', 'find-clean-point'])
})

it('names the record that could not be made', async () => {
  const plan = await stopped((around) => {
    around.recorder.faultOf = (call) => (call === 'evidence.append' ? 'denied' : undefined)
  })
  expect(plan).toMatchObject({ step: 'report', direction: 'forward' })
  expect(plan!.byHand.map(({ step }) => step)).toEqual(['report'])
})
