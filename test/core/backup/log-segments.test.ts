import { missingSegments } from '../../../core/backup/log-segments'

const FIRST = '000000010000000A000000FE'

test.each([
  ['nothing', [FIRST, '000000010000000A000000FF', '000000010000000B00000000'], 0],
  ['one in the middle, from one log to the next', [FIRST, '000000010000000B00000000'], 1],
  ['the first ones', ['000000010000000B00000000'], 2],
  ['everything', [], 1],
])('sees that %s is missing', (_, files, missing) => {
  expect(missingSegments(files, FIRST)).toBe(missing)
})

test('older segments, other timelines and other files hide no gap and make none', () => {
  const others = ['00000001000000090000000A', '00000002.history', '000000010000000A000000FE.00000028.backup']
  expect(missingSegments([...others, FIRST, '000000020000000A000000FF'], FIRST)).toBe(0)
  // The same place in two timelines is one place.
  expect(missingSegments([FIRST, '000000020000000A000000FE', '000000010000000B00000000'], FIRST)).toBe(1)
})

test('refuses a beginning that is no segment', () => {
  expect(() => missingSegments([], 'backup_label')).toThrow('no name of a segment')
})
