import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { keepPosture, keptPostures, POSTURE_FOLDER } from '../../../core/compliance/validation/kept-posture'
import type { StackTemplate } from '../../../core/posture/assembly'

const REGIONS = { primary: 'sa-east-1', recovery: 'eu-west-1', witness: 'us-east-1' }
const stack = (name: string, days: number): StackTemplate => ({
  stack: name,
  region: 'sa-east-1',
  resources: { Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: days } } },
})
const at = (hour: number) => new Date(Date.UTC(2026, 10, 28, hour))

it('gives the newest of each region, and names the regions that keep none', async () => {
  const store = new MemoryWriteOnceStore()
  expect(await keepPosture(store, 'sa-east-1', [stack('a', 1)], at(1))).toBe('kept')
  expect(await keepPosture(store, 'sa-east-1', [stack('a', 1)], at(2))).toBe('unchanged')
  expect(await keepPosture(store, 'sa-east-1', [stack('a', 2)], at(3))).toBe('kept')
  expect(await keepPosture(store, 'eu-west-1', [], at(3))).toBe('nothing-stands')
  expect(await keptPostures(store, REGIONS)).toEqual({
    stacks: [stack('a', 2)],
    unseen: ['recovery', 'witness'],
  })
})

it.each([
  ['what is not what its hash says', JSON.stringify({ hash: '0'.repeat(64), stacks: [stack('a', 1)] })],
  ['half of an object', '{"hash":"0000'],
  ['an object of another form', '{"stacks":7}'],
])('takes %s for nothing, and keeps what stands anew', async (_, text) => {
  const store = new MemoryWriteOnceStore()
  await store.create(`${POSTURE_FOLDER}/sa-east-1/20261128T010000000Z`, text)
  expect(await keptPostures(store, { primary: 'sa-east-1' })).toEqual({ stacks: [], unseen: ['primary'] })
  expect(await keepPosture(store, 'sa-east-1', [stack('a', 1)], at(3))).toBe('kept')
})
