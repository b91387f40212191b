import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { renewRollbackLease, takeRollbackLease } from '../../../core/coordination/rollback-lease'

const START = Date.parse('2026-01-01T00:00:00.000Z')
const claim = (owner: string, afterSeconds = 0) => ({
  environment: 'test',
  owner,
  seconds: 60,
  now: new Date(START + afterSeconds * 1000),
})

const ended = (store: MemoryConditionalStore, runId: string, outcome: string) =>
  store.create(`runs/${runId}`, { runId, outcome })

describe('the lease of a rollback', () => {
  it('is had by one run at a time', async () => {
    const store = new MemoryConditionalStore()
    const held = await Promise.all([takeRollbackLease(store, claim('one')), takeRollbackLease(store, claim('two'))])
    expect(new Set(held.map(({ owner }) => owner)).size).toBe(1)
  })

  it('is of one environment', async () => {
    const store = new MemoryConditionalStore()
    await takeRollbackLease(store, claim('one'))
    expect(await takeRollbackLease(store, { ...claim('two'), environment: 'staging' })).toMatchObject({ owner: 'two' })
  })

  it('is renewed by whoever has it, and refused to others meanwhile', async () => {
    const store = new MemoryConditionalStore()
    await takeRollbackLease(store, claim('one'))
    expect(await renewRollbackLease(store, claim('one', 50))).toBe(true)
    expect(await takeRollbackLease(store, claim('two', 70))).toMatchObject({ owner: 'one' })
    expect(await renewRollbackLease(store, claim('two', 70))).toBe(false)
  })

  it('is taken over once its time is over, and is then lost to its owner for good', async () => {
    const store = new MemoryConditionalStore()
    await takeRollbackLease(store, claim('one'))
    expect(await takeRollbackLease(store, claim('two', 61))).toMatchObject({ owner: 'two' })
    expect(await renewRollbackLease(store, claim('one', 62))).toBe(false)
    expect(await renewRollbackLease(store, claim('one', 600))).toBe(false)
  })

  it.each(['succeeded', 'stopped'])('is taken over from a run that has %s', async (outcome) => {
    const store = new MemoryConditionalStore()
    await takeRollbackLease(store, claim('one'))
    await ended(store, 'one', outcome)
    expect(await takeRollbackLease(store, claim('two', 1))).toMatchObject({ owner: 'two' })
  })

  it('stays with a run that goes on', async () => {
    const store = new MemoryConditionalStore()
    await takeRollbackLease(store, claim('one'))
    await ended(store, 'one', 'running')
    expect(await takeRollbackLease(store, claim('two', 1))).toMatchObject({ owner: 'one' })
  })
})
