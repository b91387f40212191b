import { answerApproval } from '../../../core/coordination/approvals'
import { appendToLedger, markApplied } from '../../../core/coordination/erasure-ledger'
import { raiseEpoch, readEpoch } from '../../../core/coordination/writer-epoch'
import { MAX_STATE_BYTES, type RunState } from '../../../core/runbook/model'
import { drive } from '../../../core/runbook/engine'
import { regionFailover } from '../../../core/runbook/region-failover'
import type { MoveInput } from '../../../core/runbook/steps/input'
import { newRun } from '../../../core/runbook/reducer'
import { PRIMARY, REPLICA, type MemoryWorld } from '../../../adapters/memory/world'
import { failover, world } from './failover'

const run = (around: MemoryWorld, started = failover()) => drive(regionFailover, around.ports(), started)
const outputOf = (state: RunState<MoveInput>, step: string) => state.steps[step]?.output

/** People who answer whatever is asked while the runbook waits. */
function answering(around: MemoryWorld, people: readonly string[], approve: boolean): void {
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    for await (const { key } of around.stores.recovery.list('approvals/')) {
      for (const by of people) {
        await answerApproval(
          around.stores.recovery,
          key.slice('approvals/'.length),
          { by, approve },
          around.clock.now(),
        ).catch(() => {})
      }
    }
    await sleep(ms)
  }
}

describe('region failover', () => {
  it('leaves one open, proven writer in the recovery region, and one evidence record', async () => {
    const around = await world()
    const state = await run(around)
    expect(state).toMatchObject({ outcome: 'succeeded', cursor: { state: 'end' } })
    expect(around.isWritable('replica')).toBe(true)
    expect(around.isWritable('primary')).toBe(false)
    expect([...around.evidence.values()].map(({ controls }) => controls)).toEqual([
      ['RTO-CRITICAL-SERVICES', 'SINGLE-WRITER', 'ERASURE-LEDGER'],
    ])
    expect(Object.values(state.steps).every(({ status }) => status === 'done')).toBe(true)
  })

  it('keeps its order: nothing is promoted before the fence, nothing opened before the validation', async () => {
    const around = await world()
    await appendToLedger(around.stores, {
      id: 'request-1',
      kind: 'erasure',
      subjectId: 's-1',
      acceptedAt: '2026-01-01T00:00:00.000Z',
    })
    around.fence = 'reachable'
    await run(around)
    expect(around.effects.map((effect) => effect.split(' ')[0])).toEqual([
      'fence',
      'promote',
      'prove',
      'switch',
      'switch',
      'erase',
      'bring-up',
      'open',
      'stand-alone',
      'record',
    ])
  })

  it('goes on at once when the fence is proven, and waits for lease and margin when it is not', async () => {
    const [fenced, silent] = [await world(), await world()]
    fenced.fence = 'reachable'
    const [early, late] = [await run(fenced), await run(silent)]
    expect(outputOf(early, 'fence')).toMatchObject({ method: 'fenced' })
    expect(outputOf(late, 'fence')).toMatchObject({ method: 'lease-expired' })
    const { durationSeconds, marginSeconds } = late.input.lease
    const waited = Date.parse(late.steps['fence']!.finishedAt!) - Date.parse(late.steps['claim-epoch']!.finishedAt!)
    expect(waited).toBeGreaterThanOrEqual((durationSeconds + marginSeconds) * 1000)
    expect(early.steps['fence']!.startedAt).toBe(early.steps['fence']!.finishedAt)
  })

  it('brings the application up before it opens the database, and is over only when the application serves', async () => {
    const around = await world({ applicationStartSeconds: 7 })
    const state = await run(around)
    const { name } = state.input.application.hooks[0]!
    expect(around.application.broughtUp).toEqual([{ name, key: `run-1/bring-up/${name}` }])
    const passed = (from: string, to: string) => Date.parse(to) - Date.parse(from)
    const broughtUpAt = state.steps['bring-up']!.finishedAt!
    expect(passed(broughtUpAt, state.steps['open']!.startedAt!)).toBeGreaterThanOrEqual(0)
    expect(passed(broughtUpAt, state.steps['serve']!.finishedAt!)).toBeGreaterThanOrEqual(7000)
    expect(outputOf(state, 'serve')).toEqual({ well: 1 })
  })

  it('lets the secrets stand alone once the database is open, so that they can be changed there', async () => {
    const around = await world()
    expect(() => around.secretCopies.change('application', REPLICA.region)).toThrow('follows its original')
    const state = await run(around)
    expect(outputOf(state, 'promote-secrets')).toEqual({ copiesLeft: 0 })
    expect(state.steps['promote-secrets']!.startedAt! >= state.steps['open']!.finishedAt!).toBe(true)
    around.secretCopies.change('application', REPLICA.region)
    expect(await around.secretCopies.differing(PRIMARY.region, REPLICA.region)).toEqual(['application'])
  })

  it('is over for people although no secret could stand alone', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call === 'secretCopies.standAlone' ? 'denied' : undefined)
    const state = await run(around)
    expect(state).toMatchObject({ outcome: 'succeeded', steps: { 'promote-secrets': { status: 'failed' } } })
  })

  it('opens the database although the application cannot be brought up, and then says that nobody is served', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call === 'application.bringUp' ? 'denied' : undefined)
    const state = await run(around)
    expect(around.isWritable('replica')).toBe(true)
    expect(state.steps['bring-up']).toMatchObject({ status: 'failed', failure: { code: 'INJECTED_DENIED' } })
    expect(state).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'serve', code: 'TIMEOUT' } })
  })

  it('has nothing to wait for where the policy brings nothing up', async () => {
    const around = await world()
    const state = await run(around, failover({ application: { hooks: [], healthySeconds: 60 } }))
    expect(state.outcome).toBe('succeeded')
    expect(state.steps['serve']!.startedAt).toBe(state.steps['serve']!.finishedAt)
  })

  it('does not let a fence that refuses or breaks delay the lease', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call === 'fence.close' ? 'denied' : undefined)
    const state = await run(around)
    expect(state.outcome).toBe('succeeded')
    expect(state.steps['fence']).toMatchObject({ attempt: 1, output: { method: 'lease-expired' } })
  })

  it('stops safely in automatic mode when it can neither fence nor raise the epoch in both places', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call.startsWith('witness.') ? 'unreachable' : undefined)
    const state = await run(around)
    expect(state).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'fence', code: 'CANNOT_FENCE' } })
    expect(around.effects.some((effect) => effect.startsWith('promote'))).toBe(false)
    const [record] = [...around.evidence.values()]
    // Nothing was replayed.
    expect(record).toMatchObject({ outcome: 'stopped', controls: expect.not.arrayContaining(['ERASURE-LEDGER']) })
  })

  it('lets two people attest that the region is dark, and records the risk', async () => {
    const around = await world()
    around.recorder.faultOf = (call) =>
      call.startsWith('witness.') && call !== 'witness.list' ? 'unreachable' : undefined
    answering(around, ['ana', 'rui'], true)
    const state = await run(around, failover({ operation: 'approval' }))
    expect(outputOf(state, 'fence')).toMatchObject({ method: 'attested-dark', attestedBy: 2, splitBrainRisk: true })
    expect(state.outcome).toBe('succeeded')
  })

  describe('after a place was dark when the epoch was claimed', () => {
    /** The witness cannot be reached, until the run has come to the step before the opening; then, as given. */
    async function witnessThen(answers: (call: string) => 'unreachable' | undefined) {
      const around = await world()
      around.recorder.faultOf = (call) => {
        if (!call.startsWith('witness.') || call === 'witness.list') return undefined
        return around.effects.some((effect) => effect.startsWith('bring-up')) ? answers(call) : 'unreachable'
      }
      answering(around, ['ana', 'rui'], true)
      return { around, state: await run(around, failover({ operation: 'approval' })) }
    }
    const wakesHearingTheWitness = async (around: MemoryWorld) => {
      around.guardReads = ['witness']
      await around.guard('primary')
      return around.isWritable('primary')
    }

    it('raises it there before anybody enters, so that an old writer that wakes hears of it', async () => {
      const { around, state } = await witnessThen(() => undefined)
      expect(outputOf(state, 'fence')).toMatchObject({ method: 'attested-dark' })
      expect(outputOf(state, 'settle-epoch')).toMatchObject({ witness: 'raised', splitBrainRisk: false })
      expect(state.outcome).toBe('succeeded')
      expect(await wakesHearingTheWitness(around)).toBe(false)
    })

    it('does not open while it answers with the older epoch and cannot be raised', async () => {
      const { around, state } = await witnessThen((call) => (call === 'witness.replace' ? 'unreachable' : undefined))
      expect(state.stoppedBy).toEqual({ step: 'settle-epoch', code: 'TIMEOUT' })
      expect(around.effects.filter((effect) => effect.startsWith('open'))).toEqual([])
    })

    it('records the risk where it stays dark, which is real', async () => {
      const { around, state } = await witnessThen(() => 'unreachable')
      expect(outputOf(state, 'settle-epoch')).toMatchObject({ witness: 'unreachable', splitBrainRisk: true })
      expect(await wakesHearingTheWitness(around)).toBe(true)
    })

    it('does not open what another run has claimed meanwhile', async () => {
      const around = await world()
      around.recorder.faultOf = async (call) => {
        if (call !== 'application.bringUp') return undefined
        for (const store of [around.stores.recovery, around.stores.witness])
          await raiseEpoch(store, { epoch: 9, holder: 'elsewhere', raisedBy: 'another', continues: 9 })
        return undefined
      }
      const state = await run(around)
      expect(state.stoppedBy).toEqual({ step: 'settle-epoch', code: 'EPOCH_CONFLICT' })
    })
  })

  it('does not count one person as two', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call.startsWith('witness.') ? 'unreachable' : undefined)
    answering(around, ['ana', 'ana', 'detector'], true)
    const state = await run(around, failover({ operation: 'approval' }))
    expect(state.stoppedBy).toEqual({ step: 'fence', code: 'APPROVAL_EXPIRED' })
  })

  it.each([
    [['down', 'up'] as const, 'one signal'],
    [['down', 'unknown'] as const, 'an observer that cannot tell'],
  ])('asks a person on %j (%s)', async (signals, _why) => {
    const around = await world()
    around.signals = signals
    expect((await run(around)).stoppedBy).toEqual({ step: 'decide', code: 'APPROVAL_EXPIRED' })
    expect(around.effects.filter((effect) => !effect.startsWith('record'))).toEqual([])
  })

  it('stops on a declined approval', async () => {
    const around = await world()
    answering(around, ['ana'], false)
    const state = await run(around, failover({ operation: 'approval' }))
    expect(state.stoppedBy).toEqual({ step: 'decide', code: 'APPROVAL_DECLINED' })
  })

  it('hands the epoch back when something still writes, so that the old primary opens again', async () => {
    const around = await world()
    around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'confirm', code: 'STILL_WRITING' })
    expect(state.steps['claim-epoch']?.status).toBe('undone')
    expect(await readEpoch(around.stores.recovery)).toMatchObject({ holder: 'sa-east-1', epoch: 3 })
    await around.guard('primary')
    expect(around.isWritable('primary')).toBe(true)
  })

  it('opens the old primary after a hand-back also where the fence had closed it, but not while one place is silent', async () => {
    const around = await world()
    around.fence = 'reachable'
    around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }
    const before = around.effects.length
    await run(around)
    expect(around.effects.slice(before)).toContainEqual(expect.stringMatching(/^fence/))
    expect(around.isWritable('primary')).toBe(false)
    around.guardReads = ['witness']
    await around.guard('primary')
    expect(around.isWritable('primary')).toBe(false)
    around.guardReads = ['recovery', 'witness']
    await around.guard('primary')
    expect(around.isWritable('primary')).toBe(true)
  })

  it('lets no guard grant what only the opening of the database grants', async () => {
    const around = await world()
    around.verdict = 'fail'
    await run(around)
    await around.guard('replica')
    expect(around.isWritable('replica')).toBe(false)
  })

  it('never hands the epoch back after the promotion began', async () => {
    const around = await world({ promotionSeconds: 10_000 })
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'promote', code: 'TIMEOUT' })
    expect(state.steps['claim-epoch']?.status).toBe('done')
    expect(await readEpoch(around.stores.recovery)).toMatchObject({ holder: 'eu-west-1' })
  })

  it('does not open on data that failed its validation', async () => {
    const around = await world()
    around.verdict = 'fail'
    expect((await run(around)).stoppedBy).toEqual({ step: 'validate', code: 'DATA_INVALID' })
    expect(around.isWritable('replica')).toBe(false)
  })

  it('does not open without a readable erasure ledger', async () => {
    const around = await world()
    await appendToLedger(around.stores, {
      id: 'request-1',
      kind: 'erasure',
      subjectId: 's-1',
      acceptedAt: '2026-01-01T00:00:00.000Z',
    })
    const link = (await around.stores.witness.get('erasure-ledger/000000000001'))!
    await around.stores.witness.replace(link.key, { entry: {}, previousHash: '', hash: '' }, link.version)
    expect((await run(around)).stoppedBy).toEqual({ step: 'replay-ledger', code: 'LEDGER_BROKEN' })
    expect(around.isWritable('replica')).toBe(false)
  })

  it('does not open while something stands against the ledger after its replay', async () => {
    const around = await world()
    const request = {
      id: 'request-1',
      kind: 'block',
      subjectId: 's-1',
      acceptedAt: '2026-01-01T00:00:00.000Z',
    } as const
    await appendToLedger(around.stores, request)
    around.stubborn.add('s-1')
    const state = await run(around)
    expect(state.stoppedBy).toEqual({ step: 'replay-ledger', code: 'LEDGER_RESIDUE' })
    expect(outputOf(state, 'replay-ledger')).toMatchObject({ residue: 1 })
    expect(around.isWritable('replica')).toBe(false)
  })

  it('replays what was applied after the recovery point, and not what the replica held already', async () => {
    const around = await world()
    const request = (id: string) =>
      ({ id, kind: 'erasure', subjectId: `of-${id}`, acceptedAt: '2026-01-01T00:00:00.000Z' }) as const
    for (const id of ['held', 'lost', 'waiting']) await appendToLedger(around.stores, request(id))
    const heartbeat = around.clock.now().getTime()
    const { ledgerSkewSeconds } = failover().input
    await markApplied(around.stores, 'held', new Date(heartbeat - ledgerSkewSeconds * 1000))
    await markApplied(around.stores, 'lost', new Date(heartbeat + 1000))
    await run(around)
    expect(around.effects.filter((effect) => effect.startsWith('erase'))).toEqual(['erase of-lost', 'erase of-waiting'])
  })

  it('retries what may pass, and stops when it does not', async () => {
    const around = await world()
    let failures = 0
    around.recorder.faultOf = (call) => (call === 'database.proveWrite' && failures++ < 2 ? 'throttled' : undefined)
    const state = await run(around)
    expect(state.steps['prove']).toMatchObject({ status: 'done', attempt: 3 })
    const broken = await world()
    broken.recorder.faultOf = (call) => (call === 'database.proveWrite' ? 'throttled' : undefined)
    expect((await run(broken)).stoppedBy).toEqual({ step: 'prove', code: 'INJECTED_THROTTLED' })
  })

  it('is not a success when its evidence could not be recorded', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call === 'evidence.append' ? 'unreachable' : undefined)
    expect(await run(around)).toMatchObject({ outcome: 'stopped', stoppedBy: { step: 'report' } })
  })

  it('changes nothing at all in a dry run, also when a preview fails, and shows the whole plan', async () => {
    const around = await world()
    around.recorder.faultOf = (call) => (call === 'database.inRecovery' ? 'denied' : undefined)
    const state = await run(around, { ...failover(), mode: 'dry-run' })
    expect(state.stoppedBy).toEqual({ step: 'prove', code: 'INJECTED_DENIED' })
    const others = Object.entries(state.steps).filter(([id]) => id !== 'prove')
    expect(others.filter(([, { status }]) => status !== 'done')).toEqual([])
    expect(around.effects).toEqual([])
    expect(around.recorder.calls.filter((call) => /create|replace|close|promote|point|append|open/.test(call))).toEqual(
      [],
    )
  })

  it('refuses a real run without a reason', () => {
    expect(() => newRun(regionFailover, failover({ reasonCode: ' ' }), new Date(0))).toThrow(/has no reason code/)
  })

  it('refuses to claim, by itself, an epoch that another failover holds', async () => {
    const around = await world()
    await run(around)
    const second = await run(around, { ...failover(), runId: 'run-2' })
    expect(second.stoppedBy).toEqual({ step: 'claim-epoch', code: 'EPOCH_CONFLICT' })
    expect(await readEpoch(around.stores.recovery)).toMatchObject({ holder: 'eu-west-1', epoch: 2 })
  })

  it('stays below 8 KB with every step done', async () => {
    const state = await run(await world(), { ...failover(), runId: 'r'.repeat(80) })
    expect(JSON.stringify(state).length).toBeLessThan(MAX_STATE_BYTES)
  })
})
