import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { Recorder } from '../../../adapters/memory/faults'
import { answerApproval, decisionOn, requestApproval } from '../../../core/coordination/approvals'
import { closeIncident, openIncident } from '../../../core/coordination/incidents'
import { guardDecision } from '../../../core/coordination/lease'
import { raiseEpoch, readEpoch } from '../../../core/coordination/writer-epoch'
import type { ConditionalStore } from '../../../core/ports/conditional-store'

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000)

describe('the writer epoch', () => {
  const ours = { epoch: 2, holder: 'eu-west-1', raisedBy: 'run-1', continues: 2 }

  it('is raised once, and recognised when the same run raises it again', async () => {
    const store = new MemoryConditionalStore()
    expect(await raiseEpoch(store, ours)).toBe('raised')
    expect(await raiseEpoch(store, ours)).toBe('already-ours')
    expect(await readEpoch(store)).toEqual(ours)
  })

  it('never goes down and is never taken from somebody at the same height', async () => {
    const store = new MemoryConditionalStore()
    await raiseEpoch(store, ours)
    expect(await raiseEpoch(store, { ...ours, raisedBy: 'run-2' })).toBe('conflict')
    expect(await raiseEpoch(store, { ...ours, epoch: 1, raisedBy: 'run-2' })).toBe('conflict')
    expect(await readEpoch(store)).toEqual(ours)
  })

  it('goes to exactly one of two that raise at once', async () => {
    const store = new MemoryConditionalStore()
    const outcomes = await Promise.all(['run-1', 'run-2'].map((raisedBy) => raiseEpoch(store, { ...ours, raisedBy })))
    expect(outcomes.toSorted()).toEqual(['conflict', 'raised'])
  })

  it('is unreachable where the answer is lost, and ours when looked at again', async () => {
    const recorder = new Recorder()
    const store = recorder.watch<ConditionalStore>('store', new MemoryConditionalStore())
    recorder.faultOf = (call) => (call === 'store.create' ? 'lost-answer' : undefined)
    expect(await raiseEpoch(store, ours)).toBe('unreachable')
    expect(await raiseEpoch(store, ours)).toBe('already-ours')
  })
})

describe('the guard', () => {
  const round = { instance: { region: 'sa-east-1', instance: 'clinic-g1' }, places: 2, silentMs: 0, leaseMs: 1000 }
  const own = { epoch: 1, holder: 'sa-east-1', raisedBy: 'deployment', continues: 1 }
  const newer = { epoch: 2, holder: 'eu-west-1', raisedBy: 'run-1', continues: 2 }
  const handedBack = { epoch: 3, holder: 'sa-east-1', raisedBy: 'run-1/undo', continues: 1 }

  it('renews on its own epoch, also from one place alone', () => {
    expect(guardDecision({ ...round, epochs: [own] })).toEqual({ kind: 'renew', epoch: 1, continues: 1, reopen: false })
  })
  it('carries its lease on under an epoch that was handed back, and opens what was closed once both places are heard', () => {
    const renewed = { kind: 'renew', epoch: 3, continues: 1 }
    expect(guardDecision({ ...round, epochs: [newer, handedBack] })).toEqual({ ...renewed, reopen: true })
    expect(guardDecision({ ...round, epochs: [handedBack] })).toEqual({ ...renewed, reopen: false })
  })
  it('closes when a newer epoch names another database of its own region', () => {
    const beside = { epoch: 2, holder: 'sa-east-1', instance: 'clinic-g3', raisedBy: 'run-1', continues: 2 }
    expect(guardDecision({ ...round, epochs: [own, beside] })).toEqual({ kind: 'close', by: 2 })
  })
  it('closes as soon as any place shows a newer epoch of another region', () => {
    expect(guardDecision({ ...round, epochs: [own, newer] })).toEqual({ kind: 'close', by: 2 })
  })
  it('lets the lease run while nobody answers, and closes when it has run out', () => {
    expect(guardDecision({ ...round, epochs: [], silentMs: 999 })).toEqual({ kind: 'idle' })
    expect(guardDecision({ ...round, epochs: [], silentMs: 1000 })).toEqual({ kind: 'close' })
  })
})

const ask = async (kind: 'second-person' | 'attestation') => {
  const store = new MemoryConditionalStore()
  const request = { key: 'q', kind, question: 'go?', requestedBy: 'ana', expiresAt: at(60).toISOString() }
  await requestApproval(store, request)
  return {
    answer: (by: string, approve: boolean, seconds = 0) => answerApproval(store, 'q', { by, approve }, at(seconds)),
    decision: (seconds: number) => decisionOn(store, 'q', at(seconds)),
    again: () => requestApproval(store, { ...request, expiresAt: at(999).toISOString() }),
  }
}

describe('an approval', () => {
  it('needs a second person, never the one who asked', async () => {
    const { answer, decision } = await ask('second-person')
    await expect(answer('ana', true)).rejects.toMatchObject({ code: 'APPROVAL_BY_REQUESTER' })
    expect(await answer('rui', true)).toEqual({ kind: 'approved', by: ['rui'] })
    expect(await decision(3600)).toEqual({ kind: 'approved', by: ['rui'] })
  })
  it('is attested by two different people', async () => {
    const { answer } = await ask('attestation')
    expect(await answer('rui', true)).toEqual({ kind: 'pending' })
    // The same again counts no second time, and nobody takes an approval back.
    expect(await answer('rui', true)).toEqual({ kind: 'pending' })
    await expect(answer('rui', false)).rejects.toMatchObject({ code: 'APPROVAL_TWICE' })
    expect(await answer('eva', true)).toEqual({ kind: 'approved', by: ['rui', 'eva'] })
  })
  it('is over when one declines', async () => {
    const { answer } = await ask('second-person')
    expect(await answer('rui', false)).toEqual({ kind: 'declined' })
    expect(await answer('rui', false)).toEqual({ kind: 'declined' })
    await expect(answer('rui', true)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
    await expect(answer('eva', true)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
  })
  it('expires, takes no late answer, and is not prolonged by asking again', async () => {
    const { answer, decision, again } = await ask('second-person')
    await again()
    expect(await decision(59)).toEqual({ kind: 'pending' })
    expect(await decision(60)).toEqual({ kind: 'expired' })
    await expect(answer('rui', true, 60)).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
  })
})

describe('an incident', () => {
  const incident = {
    id: 'i-1',
    scenario: 'data-center-outage',
    severity: 'critical' as const,
    guide: 'disasters.md#data-center-outage',
    reasonCode: 'REGION_LOST',
    openedBy: 'detector',
    openedAt: at(0).toISOString(),
  }

  it('is opened and closed once, whoever repeats it', async () => {
    const store = new MemoryConditionalStore()
    await openIncident(store, incident)
    expect(await openIncident(store, { ...incident, openedBy: 'ana' })).toEqual(incident)
    expect(await closeIncident(store, 'i-1', at(60))).toMatchObject({ closedAt: at(60).toISOString() })
    expect(await closeIncident(store, 'i-1', at(90))).toMatchObject({ closedAt: at(60).toISOString() })
    await expect(closeIncident(store, 'i-2', at(0))).rejects.toMatchObject({ code: 'INCIDENT_UNKNOWN' })
  })

  it('is another one after it was closed, and so on, each joined while it is open', async () => {
    const store = new MemoryConditionalStore()
    for (const id of ['i-1', 'i-1-2', 'i-1-3']) {
      const opened = { ...incident, id }
      expect([await openIncident(store, incident), await openIncident(store, incident)]).toEqual([opened, opened])
      await closeIncident(store, id, at(60))
    }
  })
})
