import { closingLines } from '../../cli/commands/incident'

it('tells whoever closes an incident that a place gave no answer, and what to do then', () => {
  const closedAt = '2026-11-23T13:30:00.000Z'
  const said = `i-1 was closed at ${closedAt}`
  expect(closingLines('i-1', { incident: 'i-1', closedAt, placesAway: 0 })).toEqual([said])
  expect(closingLines('i-1', { incident: 'i-1', closedAt, placesAway: 1 })).toEqual([
    said,
    expect.stringContaining('close it again'),
  ])
})
