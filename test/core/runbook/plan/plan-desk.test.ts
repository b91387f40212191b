import { PRIMARY, REPLICA, type MemoryWorld } from '../../../../adapters/memory/world'
import { appendToLedger } from '../../../../core/coordination/erasure-ledger'
import { loadRun } from '../../../../core/coordination/run-journal'
import { raiseEpoch } from '../../../../core/coordination/writer-epoch'
import { contentHash } from '../../../../core/evidence/hash'
import type { Actor } from '../../../../core/operator'
import type { EvidenceDraft } from '../../../../core/ports/evidence-log'
import { drive } from '../../../../core/runbook/engine'
import { planSchema, type FailoverPlan } from '../../../../core/runbook/plan/failover-plan'
import { applyAtDesk, planAtDesk, type PlanDeskWorld } from '../../../../core/runbook/plan/plan-desk'
import { previewsOver } from '../../../../core/runbook/plan/previews'
import { regionFailover } from '../../../../core/runbook/region-failover'
import { answerRun } from '../../../../core/runbook/run-desk'
import type { MoveInput } from '../../../../core/runbook/steps/input'
import { resolvePolicy } from '../../../../policy'
import { world } from '../failover'

const OPERATOR: Actor = { role: 'operator', person: 'aaaaaaaaaaaa' }
const COMMANDER: Actor = { role: 'incident-commander', person: 'bbbbbbbbbbbb' }
const wanted = { incident: 'incident-7', reasonCode: 'REGION_LOST' }

async function desk() {
  const around = await world()
  const drafts: EvidenceDraft[] = []
  const started: string[] = []
  const shared: Omit<PlanDeskWorld, 'actor'> = {
    policy: resolvePolicy('test'),
    places: around.stores,
    clock: around.clock,
    evidence: { append: async (draft) => (drafts.push(draft), { id: draft.key, sequence: 0, hash: 'f' }) },
    machines: {
      has: () => true,
      start: async (_runbook, { runId }) => (started.push(runId), 'started'),
    },
    instances: { primary: PRIMARY, replica: REPLICA },
    previews: previewsOver(regionFailover, around.ports()),
  }
  const as = (actor: Actor): PlanDeskWorld => ({ ...shared, actor })
  const plan = () => planAtDesk(as(OPERATOR), wanted)
  return { around, drafts, started, as, plan }
}

/** A plan that somebody edited and gave the hash that it has now. */
const rehashed = (plan: FailoverPlan): FailoverPlan => ({
  ...plan,
  hash: contentHash(Object.fromEntries(Object.entries(plan).filter(([name]) => name !== 'hash'))),
})
const epochOf = (epoch: number, holder: string) => ({ epoch, holder, raisedBy: 'somebody', continues: epoch })

it('shows the steps in their order, what each saw, the way back, the loss, and what it rests on; and changes nothing', async () => {
  const { around, plan, started, drafts } = await desk()
  around.heartbeat = { sequence: 9, at: new Date(around.clock.now().getTime() - 7_000).toISOString() }
  const before = JSON.stringify([around.effects, around.isWritable('primary')])
  const made = await plan()
  expect(planSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made)
  expect(made.steps.map(({ id }) => id)).toEqual(regionFailover.steps.map(({ id }) => id))
  expect(made.steps.filter(({ isSeen }) => !isSeen)).toEqual([])
  expect(made.steps.find(({ id }) => id === 'promote')).toMatchObject({
    undo: expect.stringContaining('point of no return'),
    precondition: expect.stringContaining('"role":"replica"'),
  })
  expect(made.expectedLossSeconds).toBe(7)
  expect(made.facts).toEqual({
    policy: contentHash(resolvePolicy('test')),
    writer: 'clinic-g1 in sa-east-1',
    successor: 'clinic-g2 in eu-west-1',
    'epoch-in-recovery': 1,
    'epoch-in-witness': 1,
    'epoch-holder': 'sa-east-1',
    'successor-role': 'replica',
    'successor-status': 'available',
    'served-region': 'sa-east-1',
    'ledger-head': null,
  })
  expect(JSON.stringify([around.effects, around.isWritable('primary')])).toBe(before)
  expect([started, drafts]).toEqual([[], []])
  expect(around.recorder.calls.filter((call) => /create|replace|close|promote|point|append|open/.test(call))).toEqual(
    [],
  )
})

it('says what it could not see, and why', async () => {
  const { around, plan } = await desk()
  around.recorder.faultOf = (call) => (/lastHeartbeat|trafficSwitch/.test(call) ? 'unreachable' : undefined)
  const made = await plan()
  expect(made.expectedLossSeconds).toBeNull()
  expect(made.facts['served-region']).toBe('not seen (INJECTED_UNREACHABLE)')
  expect(made.steps.filter(({ isSeen }) => !isSeen).map(({ id }) => id)).toEqual([
    'confirm',
    'switch-traffic',
    'replay-ledger',
  ])
})

it('starts the run of a fresh plan once, with its hash in the journal and in the evidence', async () => {
  const { around, as, plan, started, drafts } = await desk()
  const made = await plan()
  const { id } = await applyAtDesk(as(OPERATOR), made)
  expect(id).toMatch(/^plan-[0-9a-f]{16}$/)
  expect(started).toEqual([id])
  expect(await loadRun<MoveInput>(around.stores.recovery, id)).toMatchObject({
    mode: 'real',
    startedBy: OPERATOR.person,
    input: { planHash: made.hash, operation: 'approval', incidentId: 'incident-7' },
  })
  expect(drafts).toEqual([expect.objectContaining({ measurements: expect.objectContaining({ plan: made.hash }) })])
})

it('drives on the run of its plan, whatever that run has changed since', async () => {
  const { around, as, plan } = await desk()
  const made = await plan()
  await applyAtDesk(as(OPERATOR), made)
  await raiseEpoch(around.stores.recovery, epochOf(2, 'eu-west-1'))
  await around.clock.sleep(24 * 3_600_000)
  expect(await applyAtDesk(as(OPERATOR), made)).toMatchObject({ started: true })
})

describe('a plan is refused once something that it rests on has changed', () => {
  it.each<[string, string, (around: MemoryWorld) => Promise<unknown>]>([
    [
      'the epoch in the recovery region',
      'epoch-in-recovery was 1 and is 2',
      ({ stores }) => raiseEpoch(stores.recovery, epochOf(2, 'sa-east-1')),
    ],
    [
      'the epoch in the witness region',
      'epoch-in-witness was 1 and is 2',
      ({ stores }) => raiseEpoch(stores.witness, epochOf(2, 'sa-east-1')),
    ],
    [
      'who holds it',
      'epoch-holder was sa-east-1 and is eu-west-1',
      ({ stores }) => raiseEpoch(stores.witness, epochOf(2, 'eu-west-1')),
    ],
    [
      'the role of the successor',
      'successor-role was replica and is primary',
      async (around) => void (around.replica.role = 'primary'),
    ],
    [
      'what it is doing',
      'successor-status was available and is promoting',
      (around) => around.ports().promotion.promote(REPLICA, { key: 'k', backupRetentionDays: 1 }),
    ],
    [
      'where traffic goes',
      'served-region was sa-east-1 and is eu-west-1',
      async (around) => {
        for (const place of ['recovery', 'witness'] as const)
          await around.ports().trafficSwitch.point(place, { region: 'eu-west-1', epoch: 2, key: 'k' })
        await around.clock.sleep(around.settings.ttlSeconds * 1000)
      },
    ],
    [
      'the ledger',
      'ledger-head was nothing and is 1 ',
      ({ stores }) =>
        appendToLedger(stores, { id: 'r-1', kind: 'block', subjectId: 'p', acceptedAt: '2026-01-01T00:00:00.000Z' }),
    ],
    [
      'what can be seen',
      'served-region was sa-east-1 and is not seen (INJECTED_DENIED)',
      async ({ recorder }) =>
        void (recorder.faultOf = (call) => (call === 'trafficSwitch.served' ? 'denied' : undefined)),
    ],
  ])('%s', async (_, said, change) => {
    const { around, as, plan, started, drafts } = await desk()
    const made = await plan()
    await change(around)
    const refusal = applyAtDesk(as(OPERATOR), made)
    await expect(refusal).rejects.toMatchObject({ failure: 'conflict', code: 'PLAN_STALE' })
    await expect(refusal).rejects.toThrow(said)
    await expect(refusal).rejects.toThrow(/make a new plan$/)
    expect([started, drafts]).toEqual([[], []])
    // What was made since holds.
    around.recorder.faultOf = () => undefined
    expect(await applyAtDesk(as(OPERATOR), await plan())).toMatchObject({ started: true })
  })

  it('the policy, or the instances that it is about', async () => {
    const { as, plan } = await desk()
    const made = await plan()
    const policy = resolvePolicy('test')
    const other = { ...policy, failover: { ...policy.failover, promotedBackupRetentionDays: 1 } }
    await expect(applyAtDesk({ ...as(OPERATOR), policy: other }, made)).rejects.toThrow(
      /^policy was [0-9a-f]{64} and is/,
    )
    const instances = { primary: PRIMARY, replica: { ...REPLICA, instance: 'clinic-g3' } }
    await expect(applyAtDesk({ ...as(OPERATOR), instances }, made)).rejects.toThrow(
      'successor was clinic-g2 in eu-west-1 and is clinic-g3 in eu-west-1',
    )
  })
})

it.each<[string, (plan: FailoverPlan) => FailoverPlan, string]>([
  ['was edited', (plan) => ({ ...plan, incident: 'incident-8' }), 'PLAN_DAMAGED'],
  ['is of another environment', (plan) => rehashed({ ...plan, environment: 'production' }), 'PLAN_FOREIGN'],
])('refuses a plan that %s', async (_, change, code) => {
  const { as, plan, started } = await desk()
  await expect(applyAtDesk(as(OPERATOR), change(await plan()))).rejects.toMatchObject({ code })
  expect(started).toEqual([])
})

it('refuses a plan whose time is over, at that very moment', async () => {
  const { around, as, plan } = await desk()
  const made = await plan()
  await around.clock.sleep(resolvePolicy('test').failover.planExpiresSeconds * 1000 - 1)
  await expect(applyAtDesk({ ...as(OPERATOR) }, made)).resolves.toMatchObject({ started: true })
  const other = await desk()
  const late = await other.plan()
  await other.around.clock.sleep(resolvePolicy('test').failover.planExpiresSeconds * 1000)
  await expect(applyAtDesk(other.as(OPERATOR), late)).rejects.toMatchObject({ code: 'PLAN_EXPIRED' })
})

it('plans and applies for nobody who may not start runbooks', async () => {
  const { as, plan } = await desk()
  await expect(planAtDesk(as(COMMANDER), wanted)).rejects.toMatchObject({ code: 'ROLE_MAY_NOT' })
  await expect(applyAtDesk(as(COMMANDER), await plan())).rejects.toMatchObject({ code: 'ROLE_MAY_NOT' })
})

describe('the run of a plan', () => {
  /** Driven to its end, while somebody answers what it asks, or nobody does. */
  async function ended(answer: boolean | undefined) {
    const { around, as, plan } = await desk()
    const { id } = await applyAtDesk(as(OPERATOR), await plan())
    const sleep = around.clock.sleep.bind(around.clock)
    around.clock.sleep = async (ms) => {
      if (answer !== undefined)
        await answerRun(as(COMMANDER), { id, step: 'decide', approve: answer }).catch(() => undefined)
      await sleep(ms)
    }
    const { input } = (await loadRun<MoveInput>(around.stores.recovery, id))!
    const state = await drive(regionFailover, around.ports(), {
      runId: id,
      mode: 'real',
      startedBy: OPERATOR.person,
      input,
    })
    return { around, state }
  }

  it('goes to its end once another person approves, and names its plan in its own evidence', async () => {
    const { around, state } = await ended(true)
    expect(state.outcome).toBe('succeeded')
    expect(around.writers()).toEqual([REPLICA])
    const [record] = [...around.evidence.values()].filter(({ kind }) => kind === 'runbook')
    expect(record?.measurements['plan']).toBe(state.input.planHash)
  })

  it.each([
    [false, 'APPROVAL_DECLINED'],
    [undefined, 'APPROVAL_EXPIRED'],
  ])('stops safely when it is answered with %s: nothing was changed', async (answer, code) => {
    const { around, state } = await ended(answer)
    expect(state).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'decide', code } })
    expect(around.effects.filter((effect) => !effect.startsWith('record'))).toEqual([])
  })
})
