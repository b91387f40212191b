import { lossSeconds } from '../../../core/measurement'

const changes = [1, 2, 3, 4].map((number) => ({ number, atMs: number * 1000 }))

test.each([
  ['nothing lost', [1, 2, 3, 4], 0],
  ['the newest lost', [1, 2, 3], 1],
  ['a gap reaches back to what came before it', [1, 4], 2],
  ['the oldest lost, so that nothing was there to recover to', [2, 3, 4], undefined],
  ['everything lost', [], undefined],
])('%s', (_, survived, seconds) => {
  expect(lossSeconds(changes, (number) => survived.includes(number))).toBe(seconds)
})

test('where nothing was acknowledged nothing is measured', () => {
  expect(lossSeconds([], () => true)).toBeUndefined()
})
