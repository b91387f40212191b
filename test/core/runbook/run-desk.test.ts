import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { VirtualClock } from '../../../adapters/memory/clock'
import { Recorder } from '../../../adapters/memory/faults'
import { RehearsedMachines } from '../../../adapters/memory/rehearsed-machines'
import { PRIMARY, REPLICA } from '../../../adapters/memory/world'
import { loadRun, saveRun } from '../../../core/coordination/run-journal'
import type { Actor } from '../../../core/operator'
import { withRecoveryRegion } from '../../../core/policy'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import type { RunbookMachines } from '../../../core/ports/runbook-machines'
import { PortError } from '../../../core/ports/errors'
import type { RunState, StepStatus } from '../../../core/runbook/model'
import { newRun } from '../../../core/runbook/reducer'
import { regionFailover } from '../../../core/runbook/region-failover'
import {
  answerRun,
  executionOf,
  runStatus,
  startRun,
  type RunDeskWorld,
  type WantedRun,
} from '../../../core/runbook/run-desk'
import { resolvePolicy } from '../../../policy'
import { failover } from './failover'

const policy = withRecoveryRegion(resolvePolicy('production'))
const OPERATOR: Actor = { role: 'operator', person: 'aaaaaaaaaaaa' }
const COMMANDER: Actor = { role: 'incident-commander', person: 'bbbbbbbbbbbb' }
const wanted = {
  id: 'r-1',
  runbook: 'region-failover',
  mode: 'real',
  incident: 'incident-7',
  reasonCode: 'REGION_LOST',
} as const
const yes = { id: 'r-1', step: 'decide', approve: true }

function desk() {
  const recorder = new Recorder()
  const clock = new VirtualClock(new Date('2026-11-24T03:00:00.000Z'))
  const drafts = new Map<string, EvidenceDraft>()
  const store = new MemoryConditionalStore()
  const places = {
    recovery: recorder.watch<ConditionalStore>('recovery', store),
    witness: recorder.watch<ConditionalStore>('witness', new MemoryConditionalStore()),
  }
  const shared = {
    policy,
    clock,
    places,
    evidence: recorder.watch('evidence', {
      append: async (draft: EvidenceDraft) => (drafts.set(draft.key, draft), { id: draft.key, sequence: 0, hash: 'f' }),
    }),
    machines: recorder.watch<RunbookMachines>('machines', new RehearsedMachines(policy, places, clock)),
    instances: { primary: PRIMARY, replica: REPLICA },
  }
  const as = (actor: Actor): RunDeskWorld => ({ ...shared, actor })
  return { as, store, clock, recorder, drafts }
}

it('starts a run that asks, takes the answer of another person, and leaves evidence of both', async () => {
  const { as, store, drafts } = desk()
  expect(await startRun(as(OPERATOR), wanted)).toEqual({ id: 'r-1', mode: 'real', started: true })
  expect(await runStatus(as(COMMANDER), 'r-1')).toMatchObject({
    outcome: 'running',
    at: 'decide',
    waitsFor: { step: 'decide', decision: 'pending', approvals: 0 },
  })
  expect(await answerRun(as(COMMANDER), yes)).toEqual({ kind: 'approved', by: [COMMANDER.person] })
  // Every number of it is the policy's.
  expect(await loadRun(store, 'r-1')).toMatchObject({
    startedBy: OPERATOR.person,
    input: { operation: 'approval', timeouts: policy.failover.timeouts, writer: PRIMARY, successor: REPLICA },
  })
  expect([...drafts.values()].map(({ kind, actor }) => [kind, actor])).toEqual([
    ['run-started', 'person-aaaaaaaaaaaa'],
    ['run-approved', 'person-bbbbbbbbbbbb'],
  ])
})

it('asks a second person also where the policy lets machines decide', async () => {
  const { as, store } = desk()
  const automatic = { ...policy, failover: { ...policy.failover, operation: 'automatic' as const } }
  await startRun({ ...as(OPERATOR), policy: automatic }, wanted)
  expect(await loadRun(store, 'r-1')).toMatchObject({ input: { operation: 'approval' } })
})

it('lets nobody answer what he started, in whatever role, and counts silence as a no', async () => {
  const { as, clock } = desk()
  await startRun(as(OPERATOR), wanted)
  const himself = as({ ...COMMANDER, person: OPERATOR.person })
  await expect(answerRun(himself, yes)).rejects.toMatchObject({ failure: 'denied', code: 'APPROVAL_BY_REQUESTER' })
  await clock.sleep(policy.failover.approvalExpiresSeconds * 1000)
  await expect(answerRun(as(COMMANDER), yes)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
  expect(await runStatus(as(OPERATOR), 'r-1')).toMatchObject({ waitsFor: { decision: 'expired' } })
})

it('says of a run that stopped how to go on, and nothing of the kind of one that runs', async () => {
  const { as, store } = desk()
  await startRun(as(OPERATOR), wanted)
  expect(await runStatus(as(OPERATOR), 'r-1')).not.toHaveProperty('continuation')
  const run = (await loadRun(store, 'r-1'))!
  const stood = (id: string): StepStatus => (id === 'decide' || id === 'claim-epoch' ? 'undone' : 'skipped')
  const steps = Object.fromEntries(
    Object.keys(run.steps).map((id) => [id, { status: id === 'fence' ? 'failed' : stood(id), attempt: 1 }]),
  )
  const cursor = { state: 'end', waitSeconds: 0 }
  await saveRun(store, { ...run, cursor, steps, outcome: 'stopped', stoppedBy: { step: 'fence', code: 'TIMEOUT' } })
  const forward = { direction: 'forward', step: 'fence', code: 'TIMEOUT' }
  expect(await runStatus(as(COMMANDER), 'r-1')).toMatchObject({ outcome: 'stopped', continuation: forward })
  const unopened = Object.fromEntries(
    Object.entries(steps).map(([id, step]) => [
      id,
      stood(id) === 'skipped' && id !== 'fence' ? { ...step, attempt: 0 } : step,
    ]),
  )
  const now = (await loadRun(store, 'r-1'))!
  await saveRun(store, { ...now, steps: unopened })
  expect(await runStatus(as(COMMANDER), 'r-1')).toMatchObject({
    continuation: {
      direction: 'start-over',
      byHand: [{ step: 'fence', doThis: expect.stringContaining('Close every login') }],
    },
  })
})

it('takes an answer for the step that asks, and for no other', async () => {
  const { as } = desk()
  await startRun(as(OPERATOR), wanted)
  await expect(answerRun(as(COMMANDER), { ...yes, step: 'fence' })).rejects.toMatchObject({ code: 'RUN_ASKS_NOTHING' })
  await expect(answerRun(as(COMMANDER), { ...yes, id: 'r-2' })).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
})

it.each([
  ['start', COMMANDER, (world: RunDeskWorld) => startRun(world, { ...wanted, id: 'r-2' })],
  ['approve', OPERATOR, (world: RunDeskWorld) => answerRun(world, yes)],
  ['see', { role: 'records-commission', person: 'cccccccccccc' }, (world: RunDeskWorld) => runStatus(world, 'r-1')],
])('refuses a role that may not %s', async (_, actor, act) => {
  const { as } = desk()
  await startRun(as(OPERATOR), wanted)
  await expect(act(as(actor))).rejects.toMatchObject({ failure: 'denied', code: 'ROLE_MAY_NOT' })
})

it.each([
  ['free text for a reason', { ...wanted, reasonCode: 'the region is gone' }, 'RUN_FORM'],
  ['a name that no execution can have', { ...wanted, id: 'r:1' }, 'RUN_FORM'],
  ['what looks like a person', { ...wanted, incident: '52998224725' }, 'EVIDENCE_PERSONAL_DATA'],
])('refuses %s, and keeps nothing of it', async (_, run, code) => {
  const { as, recorder } = desk()
  await expect(startRun(as(OPERATOR), run)).rejects.toMatchObject({ failure: 'invalid', code })
  expect(recorder.calls.filter((call) => !call.startsWith('machines.has'))).toEqual([])
})

it('plans, rehearses and really runs under one id, each with evidence of its own', async () => {
  const { as, store, drafts } = desk()
  const id = wanted.incident
  const { machines } = as(OPERATOR)
  // What the intake does with the incident.
  const plan = newRun(regionFailover, { ...failover(), runId: id, mode: 'dry-run' }, new Date())
  expect(await machines.start('region-failover', plan)).toBe('started')
  for (const mode of ['dry-run', 'real'] as const)
    expect(await startRun(as(OPERATOR), { ...wanted, id, mode })).toEqual({ id, mode, started: true })
  expect(await loadRun(store, id)).toMatchObject({ cursor: { state: 'decide' }, mode: 'real' })
  expect([...drafts.keys()]).toEqual([
    'run-started/dry-run/incident-7/aaaaaaaaaaaa',
    'run-started/real/incident-7/aaaaaaaaaaaa',
  ])
})

it('says so, and reports no start, where an execution has the name and drives nothing', async () => {
  const { as, clock } = desk()
  const { machines } = as(OPERATOR)
  const dry = newRun(regionFailover, { ...failover(), runId: 'other', mode: 'dry-run' }, clock.now())
  await machines.start('region-failover', dry, 'real-r-1')
  await expect(startRun(as(OPERATOR), wanted)).rejects.toMatchObject({ failure: 'conflict', code: 'RUN_ID_TAKEN' })
})

it('drives a run on whose execution died, from where the journal has it', async () => {
  const { as, store, recorder } = desk()
  await startRun(as(OPERATOR), wanted)
  const { revision } = (await loadRun(store, 'r-1'))!
  expect(await startRun(as(OPERATOR), wanted)).toMatchObject({ started: true })
  expect((await loadRun(store, 'r-1'))!.revision).toBeGreaterThan(revision)
  const names = recorder.requests
    .filter(({ call }) => call === 'machines.start')
    .map(({ args }) => (args as string[])[2])
  expect(names).toEqual(['real-r-1', `again-${revision}-r-1`])
})

it('starts nothing for a run that has come to its end', async () => {
  const { as, store } = desk()
  await startRun(as(OPERATOR), wanted)
  const stored = (await store.get('runs/r-1'))!
  await store.replace(stored.key, { ...(stored.value as object), outcome: 'stopped' }, stored.version)
  expect(await startRun(as(OPERATOR), wanted)).toMatchObject({ started: false })
})

it('names executions as Step Functions takes them, whatever the id', () => {
  const runId = 'x'.repeat(64)
  const name = (mode: RunState['mode'], revision: number) => executionOf({ runId, mode, revision })
  for (const made of [name('dry-run', 0), name('real', 1), name('real', 99_999)]) expect(made).toMatch(/^[\w-]{1,80}$/)
})

it('refuses another run under an id that is taken', async () => {
  const { as } = desk()
  await startRun(as(OPERATOR), wanted)
  for (const other of [
    startRun(as(OPERATOR), { ...wanted, incident: 'incident-8' }),
    startRun(as({ ...OPERATOR, person: 'dddddddddddd' }), wanted),
  ])
    await expect(other).rejects.toMatchObject({ failure: 'conflict', code: 'RUN_ID_TAKEN' })
})

it('leaves no trace of a dry run but the record that it was started', async () => {
  const { as, recorder, drafts } = desk()
  expect(await startRun(as(OPERATOR), { ...wanted, mode: 'dry-run' })).toMatchObject({ started: true })
  expect(recorder.calls.filter((call) => call.startsWith('recovery.'))).toEqual([])
  expect([...drafts.values()].map(({ measurements }) => measurements['mode'])).toEqual(['dry-run'])
})

it('keeps the evidence of an approval whose record failed at first, also when the run has gone on since', async () => {
  const { as, store, recorder, drafts } = desk()
  await startRun(as(OPERATOR), wanted)
  recorder.faultOf = (call) => (call === 'evidence.append' ? 'unreachable' : undefined)
  await expect(answerRun(as(COMMANDER), yes)).rejects.toMatchObject({ failure: 'unreachable' })
  recorder.faultOf = () => undefined
  // Its machine sees the approval.
  await startRun(as(OPERATOR), wanted)
  expect(await loadRun(store, 'r-1')).toMatchObject({ steps: { decide: { approvedBy: [COMMANDER.person] } } })
  expect(await answerRun(as(COMMANDER), yes)).toEqual({ kind: 'approved', by: [COMMANDER.person] })
  expect([...drafts.keys()]).toContain('run-approved/real/r-1/decide/bbbbbbbbbbbb')
  const another = as({ ...COMMANDER, person: 'dddddddddddd' })
  await expect(answerRun(another, yes)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
})

it.each(['recovery.create', 'evidence.append', 'machines.start', 'recovery.replace'])(
  'goes on after a failure of %s',
  async (call) => {
    const { as, recorder, drafts } = desk()
    let left = 1
    recorder.faultOf = (made) => (made === call && left-- > 0 ? 'denied' : undefined)
    const again = async (act: () => Promise<unknown>) => act().catch(() => act())
    await again(() => startRun(as(OPERATOR), wanted))
    await again(() => answerRun(as(COMMANDER), yes))
    expect(await runStatus(as(OPERATOR), 'r-1')).toMatchObject({ waitsFor: { decision: 'approved' } })
    expect([...drafts.keys()]).toContain('run-started/real/r-1/aaaaaaaaaaaa')
  },
)

describe('a runbook of another kind', () => {
  const REBUILT = { region: PRIMARY.region, instance: 'clinic-g3' }
  const inputOf = async (runbook: WantedRun['runbook'], changed: Partial<RunDeskWorld> = {}) => {
    const { as, store } = desk()
    const started = await startRun({ ...as(OPERATOR), ...changed }, { ...wanted, runbook })
    expect(started).toEqual({ id: 'r-1', mode: 'real', started: true })
    return (await loadRun(store, 'r-1'))?.input
  }
  const serving = (active: 'primary' | 'recovery') => ({
    policy: { ...policy, topology: { ...policy.topology, active } } as typeof policy,
    instances: { primary: PRIMARY, replica: REPLICA, rebuilt: REBUILT },
  })

  it('fails the instance of the region that serves over to its zone, where it stands', async () => {
    const ofPrimary = { region: PRIMARY.region, writer: PRIMARY, successor: PRIMARY, observer: REPLICA }
    expect(await inputOf('zone-failover')).toMatchObject(ofPrimary)
    const ofRecovery = { region: REPLICA.region, writer: REPLICA, successor: REPLICA, observer: REBUILT }
    expect(await inputOf('zone-failover', serving('recovery'))).toMatchObject(ofRecovery)
  })

  it('hands back to what was rebuilt, in its region', async () => {
    expect(await inputOf('failback', serving('recovery'))).toMatchObject({
      region: REBUILT.region,
      writer: REPLICA,
      successor: REBUILT,
      catchUp: policy.failback,
      operation: 'approval',
    })
  })

  it('says what is missing where nothing was rebuilt, and keeps nothing of it', async () => {
    const { as, recorder } = desk()
    const start = startRun(as(OPERATOR), { ...wanted, runbook: 'failback' })
    await expect(start).rejects.toMatchObject({ failure: 'conflict', code: 'NOT_REBUILT' })
    expect(recorder.calls).toEqual([])
  })

  it('is refused where no machine of its region executes it', async () => {
    const { as } = desk()
    const machines = { has: (_: string, region: string) => region === REPLICA.region, start: jest.fn() }
    const start = startRun({ ...as(OPERATOR), machines }, { ...wanted, runbook: 'zone-failover' })
    await expect(start).rejects.toMatchObject({ code: 'MACHINE_MISSING' })
    expect(machines.start).not.toHaveBeenCalled()
  })

  it('is journaled where its region does not answer, and driven on by the same request', async () => {
    const { as, store } = desk()
    const dark = new PortError('unreachable', 'TimeoutError', 'no answer')
    const start = jest.fn().mockRejectedValueOnce(dark).mockResolvedValue('started')
    const world = { ...as(OPERATOR), machines: { has: () => true, start } }
    const asked = { ...wanted, runbook: 'zone-failover' } as const
    await expect(startRun(world, asked)).rejects.toMatchObject({ failure: 'unreachable' })
    expect(await loadRun(store, 'r-1')).toMatchObject({ runbook: 'zone-failover', outcome: 'running' })
    expect(await startRun(world, asked)).toMatchObject({ started: true })
  })
})

describe('an answer that is started by its name', () => {
  it('to an attack knows from when on it was known, cuts off every copy, and returns to the moment that was named', async () => {
    const { as, store } = desk()
    const openedAt = '2026-11-24T01:00:00.000Z'
    await store.create('incidents/incident-7', { id: 'incident-7', openedAt })
    const target = { kind: 'time', at: '2026-11-23T22:00:00-03:00' } as const
    await startRun(as(OPERATOR), { ...wanted, runbook: 'isolate-and-recover', target })
    expect(await loadRun(store, 'r-1')).toMatchObject({
      input: { knownAt: openedAt, operation: 'approval', copies: [REPLICA], suspect: target, findings: [] },
    })
  })

  it('to an attack that no incident stands for is known from when it was started', async () => {
    const { as, store, clock } = desk()
    const now = clock.now().toISOString()
    await startRun(as(OPERATOR), { ...wanted, runbook: 'isolate-and-recover' })
    expect(await loadRun(store, 'r-1')).toMatchObject({ input: { knownAt: now } })
  })

  it('to a violation is run in the region whose account it is, and looks for what is wrong there', async () => {
    const { as, store } = desk()
    const remediation = { ...wanted, runbook: 'compliance-remediation' } as const
    await startRun(as(OPERATOR), { ...remediation, region: 'recovery' })
    expect(await loadRun(store, 'r-1')).toMatchObject({
      input: { region: policy.topology.regions.recovery, findings: [], operation: 'approval' },
    })
    await expect(startRun(as(OPERATOR), { ...remediation, region: 'primary' })).rejects.toMatchObject({
      code: 'RUN_ID_TAKEN',
    })
  })
})
