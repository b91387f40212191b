import type { MemoryWorld } from '../../../../adapters/memory/world'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { failover, world } from '../failover'
import { answered, APPLICATION, approvals, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

const writingOn: Scenario = {
  name: 'an undo',
  prepare: (around) => void (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }),
  ends: 'confirm STILL_WRITING',
}
const fenced: Scenario = {
  name: 'success by fence',
  prepare: (around) => void (around.fence = 'reachable'),
  ends: 'succeeded',
}
const leased: Scenario = { name: 'success by lease', ends: 'succeeded' }
/** Until the promotion: without its ledger nothing would open afterwards. */
const withoutWitness = (around: MemoryWorld) => {
  const promoted = () => around.effects.some((effect) => effect.startsWith('promote'))
  around.recorder.faultOf = (call) => (call.startsWith('witness.') && !promoted() ? 'unreachable' : undefined)
}
const both =
  (...parts: readonly ((around: MemoryWorld) => void)[]) =>
  (around: MemoryWorld) =>
    parts.forEach((part) => part(around))
const doubtful = (around: MemoryWorld) => void (around.signals = ['down', 'up'])
const MANUAL = { input: { operation: 'approval' } }

export const regionFailover: Rehearsal = {
  runbook: runbookNamed('region-failover'),
  world,
  run: () => failover(),
  scenarios: [
    leased,
    fenced,
    writingOn,
    DRY,
    ...approvals('decide'),
    ...APPLICATION,
    { name: 'a retry that helps', prepare: failing('database.proveWrite', 'throttled', 2), ends: 'succeeded' },
    {
      name: 'retries that do not',
      prepare: failing('database.proveWrite', 'throttled'),
      ends: 'prove INJECTED_THROTTLED',
    },
    { name: 'a timeout', world: { promotionSeconds: 10_000 }, ends: 'promote TIMEOUT' },
    { name: 'a safe stop', prepare: (around) => void (around.verdict = 'fail'), ends: 'validate DATA_INVALID' },
    {
      name: 'an application that nobody may bring up',
      prepare: failing('application.bringUp', 'denied'),
      ends: 'serve TIMEOUT',
    },
    {
      name: 'secrets that nobody may let stand alone',
      prepare: failing('secretCopies.standAlone', 'denied'),
      ends: 'succeeded',
    },
    { name: 'doubt that a person ends', prepare: both(doubtful, answered(true)), ends: 'succeeded' },
    { name: 'doubt that nobody ends', prepare: doubtful, ends: 'decide APPROVAL_EXPIRED' },
    { name: 'no proof in automatic operation', prepare: withoutWitness, ends: 'fence CANNOT_FENCE' },
    {
      name: 'darkness that two people attest',
      prepare: both(withoutWitness, answered(true, ['ana', 'rui'])),
      run: MANUAL,
      ends: 'succeeded',
    },
    {
      name: 'darkness that one person attests',
      prepare: both(withoutWitness, answered(true)),
      run: MANUAL,
      ends: 'fence APPROVAL_EXPIRED',
    },
    {
      name: 'content that could not be judged, and nobody answers for it',
      prepare: (around) => void (around.verdict = 'inconclusive'),
      ends: 'validate APPROVAL_EXPIRED',
    },
    {
      name: 'content that could not be judged, and a person answers for it',
      prepare: both((around) => void (around.verdict = 'inconclusive'), answered(true)),
      ends: 'succeeded',
    },
  ],
  crashes: [fenced, leased, writingOn],
}
