import { MemoryArchive } from '../../../adapters/memory/archive-disposal'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { dispose } from '../../../core/archive/dispose'
import { orderDisposal, type DisposalOrder } from '../../../core/archive/disposal-order'
import { answerApproval } from '../../../core/coordination/approvals'
import { EvidenceChain } from '../../../core/evidence'
import { resolvePolicy } from '../../../policy'

const { dataClasses } = resolvePolicy('production')
const DAY_MS = 86_400_000
/** Archived on the first day; in 2051 its 25 years are over. */
const ARCHIVED_AT = '2026-01-01T00:00:00.000Z'

const order: DisposalOrder = {
  id: 'disposal-1',
  dataClass: 'phi',
  keys: ['exports/2026-01/phi/part-1'],
  lastEntryAt: '2025-12-31T00:00:00.000Z',
  commissionReference: 'CPRP 7/2051',
  requestedBy: 'records-officer',
}

function makeWorld(startedAt = '2051-01-02T00:00:00.000Z') {
  const clock = new VirtualClock(new Date(startedAt))
  const archive = new MemoryArchive(clock)
  const evidence = new MemoryWriteOnceStore()
  const identity = { region: 'eu-west-1', writer: 'archive-disposal', environment: 'test', policyHash: 'a'.repeat(64) }
  return {
    clock,
    archive,
    store: new MemoryConditionalStore(),
    evidence: new EvidenceChain(evidence, identity),
    records: evidence,
    dataClasses,
  }
}

let world: ReturnType<typeof makeWorld>
const add = (more: { versionId?: string; lockedUntil?: string; legalHold?: boolean; archivedAt?: string } = {}) =>
  world.archive.add('phi', {
    key: order.keys[0]!,
    versionId: 'v1',
    archivedAt: ARCHIVED_AT,
    legalHold: false,
    ...more,
  })
beforeEach(() => {
  world = makeWorld()
  add()
})

const ask = async (wanted = order) => orderDisposal(world.store, wanted, { now: world.clock.now(), approvalDays: 30 })
const approve = async (approval: string, ...people: string[]) => {
  for (const by of people) await answerApproval(world.store, approval, { by, approve: true }, world.clock.now())
}
const askAndApprove = async () => approve((await ask()).approval, 'compliance-officer', 'medical-director')
const run = async () => dispose(world, order.id)
const left = async () => (await world.archive.versions('phi', order.keys[0]!)).length
const kinds = async () => {
  const found: string[] = []
  for await (const key of world.records.keys('records/'))
    found.push((JSON.parse((await world.records.get(key))!) as { kind: string }).kind)
  return found
}

it('destroys every version of what two people approved, and leaves a record before and after', async () => {
  add({ versionId: 'v2' })
  await askAndApprove()
  expect(await run()).toEqual({ versions: 2 })
  expect(await left()).toBe(0)
  expect(await kinds()).toEqual(['disposal-begun', 'disposal'])
})

describe('nothing is destroyed', () => {
  afterEach(async () => {
    expect(await left()).toBeGreaterThan(0)
    expect(await kinds()).toEqual([])
  })

  it('without a record', async () => {
    await expect(run()).rejects.toMatchObject({ failure: 'denied', code: 'DISPOSAL_NOT_RECORDED' })
  })

  it.each([
    ['nobody approved', [] as string[]],
    ['only one person approved', ['compliance-officer']],
  ])('when %s', async (_what, people) => {
    await approve((await ask()).approval, ...people)
    await expect(run()).rejects.toMatchObject({ failure: 'denied', code: 'DISPOSAL_NOT_APPROVED' })
  })

  it('when the one who asked is one of the two', async () => {
    const { approval } = await ask()
    await approve(approval, 'compliance-officer')
    await expect(approve(approval, order.requestedBy)).rejects.toMatchObject({ code: 'APPROVAL_BY_REQUESTER' })
    await expect(run()).rejects.toMatchObject({ code: 'DISPOSAL_NOT_APPROVED' })
  })

  it('when somebody declined, or the approval came too late', async () => {
    const { approval } = await ask()
    await approve(approval, 'compliance-officer')
    await world.clock.sleep(31 * DAY_MS)
    await expect(approve(approval, 'medical-director')).rejects.toMatchObject({ code: 'APPROVAL_CLOSED' })
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('is expired') })
  })

  it('when the record was changed after it was approved', async () => {
    await askAndApprove()
    const stored = await world.store.get(`disposals/${order.id}`)
    const changed = { ...order, keys: [...order.keys, 'exports/2026-01/phi/part-2'] }
    await world.store.replace(`disposals/${order.id}`, changed, stored!.version)
    await expect(run()).rejects.toMatchObject({ code: 'APPROVAL_NOT_ASKED' })
  })

  it('when the record under the id is of another disposal', async () => {
    await askAndApprove()
    const stored = await world.store.get(`disposals/${order.id}`)
    await world.store.create('disposals/disposal-2', stored!.value)
    await expect(dispose(world, 'disposal-2')).rejects.toMatchObject({ code: 'DISPOSAL_NOT_RECORDED' })
  })

  it.each([
    ['names a key under which nothing is archived', { keys: [...order.keys, 'exports/2026-01/phi/prt-2'] }],
    ['names the wrong class', { dataClass: 'financial' as const }],
  ])('when the order %s, not even of the others', async (_what, more) => {
    const wrong = { ...order, ...more }
    await approve((await ask(wrong)).approval, 'compliance-officer', 'medical-director')
    await expect(run()).rejects.toMatchObject({ code: 'ARCHIVE_KEY_EMPTY' })
  })

  it('when one of its versions is locked or on legal hold, not even the others', async () => {
    add({ versionId: 'locked', lockedUntil: '2052-01-01T00:00:00.000Z' })
    await askAndApprove()
    await expect(run()).rejects.toMatchObject({ code: 'ARCHIVE_LOCKED' })
    add({ versionId: 'held', legalHold: true })
    await expect(run()).rejects.toMatchObject({ code: 'LEGAL_HOLD' })
    expect(await left()).toBe(3)
  })
})

describe('the years of a class', () => {
  const runAt = async (now: string, wanted = order, archivedAt = ARCHIVED_AT) => {
    world = makeWorld(now)
    add({ archivedAt })
    await approve((await ask(wanted)).approval, 'compliance-officer', 'medical-director')
    return run()
  }

  it('run from the day of archiving, since an export holds entries up to that day', async () => {
    await expect(runAt('2050-12-31T23:59:59.000Z')).rejects.toMatchObject({
      code: 'RETENTION_RUNS',
      message: expect.stringContaining('2051-01-01T00:00:00.000Z'),
    })
    await expect(runAt('2051-01-01T00:00:00.000Z')).resolves.toEqual({ versions: 1 })
  })

  it('run from the last entry where that is later', async () => {
    const later = { ...order, lastEntryAt: '2030-06-01T00:00:00.000Z' }
    await expect(runAt('2055-05-31T00:00:00.000Z', later)).rejects.toMatchObject({ code: 'RETENTION_RUNS' })
    await expect(runAt('2055-06-01T00:00:00.000Z', later)).resolves.toEqual({ versions: 1 })
  })

  it('are calendar years, so that a leap day costs no record a day', async () => {
    const leap = '2028-02-29T00:00:00.000Z'
    await expect(runAt('2053-02-28T23:59:59.000Z', order, leap)).rejects.toMatchObject({ code: 'RETENTION_RUNS' })
    await expect(runAt('2053-03-01T00:00:00.000Z', order, leap)).resolves.toEqual({ versions: 1 })
  })
})

it('goes on after a crash, and leaves no second record', async () => {
  add({ versionId: 'v2' })
  await askAndApprove()
  const { archive } = world
  const deletes = jest.spyOn(archive, 'deleteVersion').mockRejectedValueOnce(new Error('died'))
  await expect(run()).rejects.toThrow('died')
  deletes.mockRestore()
  expect(await run()).toEqual({ versions: 2 })
  expect(await run()).toEqual({ versions: 0 })
  expect(await kinds()).toEqual(['disposal-begun', 'disposal'])
})

it('the same order again asks nothing new, another one under the id is refused', async () => {
  expect(await ask()).toEqual(await ask())
  await expect(ask({ ...order, keys: ['other'] })).rejects.toMatchObject({ code: 'DISPOSAL_ID_TAKEN' })
})

it.each([
  ['no keys', { keys: [] }],
  ['an id that is a path', { id: '../1' }],
  ['no commission', { commissionReference: '' }],
])('an order with %s is refused', async (_what, more) => {
  await expect(ask({ ...order, ...more })).rejects.toThrow()
})
