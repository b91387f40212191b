import { VirtualClock } from '../../../adapters/memory/clock'
import { unreadParts } from '../../../core/archive/unread'
import type { EvidenceRecord } from '../../../core/evidence/record'
import type { Policy } from '../../../core/policy'
import { resolvePolicy } from '../../../policy'
import { recordOf } from '../compliance/whole-evidence'

const policy = resolvePolicy('production')
const EVERY = ['phi', 'pii', 'financial'].flatMap((name) => [`${name}-dump`, `${name}-export`])
// 22:00 on the twelfth in Sao Paulo, and the eight hours that a reading may take.
const OCTOBER = new Date('2026-10-13T01:00:00.000Z')
const IN_TIME = new Date('2026-10-13T03:00:00.000Z')
const OVER = new Date('2026-10-13T09:00:01.000Z')

const reading = (subject: string, startedAt: Date, outcome: EvidenceRecord['outcome'] = 'succeeded') =>
  recordOf(policy, startedAt, { kind: 'archive-read-back', subject, outcome, startedAt: startedAt.toISOString() })

const unreadAt = (now: Date, newestFirst: readonly EvidenceRecord[], on: Policy = policy) => {
  const read: EvidenceRecord[] = []
  async function* readings() {
    for (const record of newestFirst) {
      read.push(record)
      yield record
    }
  }
  return unreadParts({ policy: on, readings, clock: new VirtualClock(now) }).then((unread) => ({ unread, read }))
}

it('counts nothing where each form of each class was read in the quarter', async () => {
  const all = EVERY.map((subject) => reading(subject, IN_TIME))
  expect((await unreadAt(OVER, all)).unread).toEqual([])
  expect((await unreadAt(new Date('2027-01-13T08:59:00.000Z'), all)).unread).toEqual([])
})

it('counts each form of each class once the reading of the next quarter has had its whole time', async () => {
  const all = EVERY.map((subject) => reading(subject, IN_TIME))
  expect((await unreadAt(new Date('2027-01-13T09:00:01.000Z'), all)).unread).toEqual(EVERY)
})

it('counts everything where nothing was ever read', async () => {
  expect((await unreadAt(OVER, [])).unread).toEqual(EVERY)
})

it.each(['failed', 'inconclusive'] as const)('counts at once what the newest reading left %s', async (outcome) => {
  const before = EVERY.map((subject) => reading(subject, new Date('2026-07-13T03:00:00.000Z')))
  const running = new Date('2026-10-13T04:00:00.000Z')
  expect((await unreadAt(running, before)).unread).toEqual([])
  expect((await unreadAt(running, [reading('pii-dump', IN_TIME, outcome), ...before])).unread).toEqual(['pii-dump'])
})

it('counts nothing any more once it was read again, after the cause was put right', async () => {
  const [first, ...others] = EVERY
  const failed = reading(first!, OCTOBER, 'failed')
  const rest = others.map((subject) => reading(subject, OCTOBER))
  expect((await unreadAt(OVER, [...rest, failed])).unread).toEqual([first])
  expect((await unreadAt(OVER, [reading(first!, IN_TIME), ...rest, failed])).unread).toEqual([])
})

it('does not ask for dumps where the policy takes none', async () => {
  const reason = 'the database is small enough to be exported as it is'
  const none = { ...policy, archive: { ...policy.archive, dump: { mode: 'none' as const, reason } } }
  expect((await unreadAt(OVER, [], none)).unread).toEqual(EVERY.filter((subject) => subject.endsWith('-export')))
})

it('reads no further back than it has to: a chain grows for twenty-five years', async () => {
  const old = EVERY.map((subject) => reading(subject, new Date('2026-07-13T03:00:00.000Z')))
  const { read } = await unreadAt(OVER, [...EVERY.map((subject) => reading(subject, IN_TIME)), ...old])
  expect(read).toHaveLength(EVERY.length + 1)
})
