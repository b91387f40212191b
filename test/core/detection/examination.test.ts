import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { examinedCorruption, saveExamination, type Examination } from '../../../core/detection/examination'
import { respondToCorruption } from '../../../core/runbook/corruption-response'
import { resolvePolicy } from '../../../policy'

const NOW = new Date('2026-11-29T12:00:00.000Z')
const REPLICA = { region: 'eu-west-1', instance: 'db-g2' }
const ofReplica = (found: Partial<Examination & { of: 'replica' }> = {}): Examination => ({
  of: 'replica',
  at: '2026-11-29T04:00:00.000Z',
  sourceDamaged: false,
  replica: REPLICA,
  verdict: 'pass',
  ...found,
})
const ofContent = (found: Partial<Examination & { of: 'content' }> = {}): Examination => ({
  of: 'content',
  at: '2026-11-29T11:00:00.000Z',
  damage: 'content',
  lastGood: { kind: 'transaction', id: '4711' },
  ...found,
})

async function answered(...examinations: Examination[]) {
  const store = new MemoryConditionalStore()
  for (const examination of examinations) await saveExamination(store, examination)
  const corruption = await examinedCorruption(store, { now: NOW, freshHours: 48 })
  return corruption && respondToCorruption(corruption, resolvePolicy('production').mechanisms)
}

it('leaves to people what nobody has looked at', async () => {
  expect(await answered()).toBeUndefined()
})

it.each([
  [
    'damaged pages beside a clean replica',
    [ofReplica({ sourceDamaged: true })],
    { runbook: 'region-failover', successor: REPLICA },
  ],
  [
    'damaged pages that the content tells of',
    [ofReplica(), ofContent({ damage: 'page' })],
    { runbook: 'region-failover' },
  ],
  ['damaged pages on both sides', [ofReplica({ sourceDamaged: true, verdict: 'fail' })], { runbook: 'none' }],
  [
    'damaged pages beside a replica that was not read',
    [ofReplica({ sourceDamaged: true, verdict: 'inconclusive' }), ofContent()],
    { runbook: 'point-in-time-recovery' },
  ],
  [
    'rewritten values',
    [ofReplica(), ofContent()],
    { runbook: 'point-in-time-recovery', target: { kind: 'transaction', id: '4711' } },
  ],
  ['a replica that differs alone', [ofReplica({ verdict: 'fail' })], { runbook: 'none' }],
] as const)('answers %s', async (_, examinations, response) => {
  expect(await answered(...examinations)).toMatchObject(response)
})

it('forgets what is older than two looks, and keeps the newest of a kind', async () => {
  expect(await answered(ofReplica({ at: '2026-11-27T11:00:00.000Z', sourceDamaged: true }))).toBeUndefined()
  expect(await answered(ofReplica({ sourceDamaged: true }), ofReplica(), ofContent())).toMatchObject({
    runbook: 'point-in-time-recovery',
  })
})
