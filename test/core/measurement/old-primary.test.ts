import { acceptedByOldPrimary } from '../../../core/measurement'

const ended = (...outcomes: ('refused' | 'accepted' | 'unanswered')[]) => outcomes.map((outcome) => ({ outcome }))

describe('writes accepted by the old primary', () => {
  test('are none only where every attempt was refused', () => {
    expect(acceptedByOldPrimary(ended('refused', 'refused'))).toBe(0)
  })

  test('are not measured where an attempt got no answer', () => {
    expect(acceptedByOldPrimary(ended('refused', 'unanswered'))).toBeUndefined()
  })

  test('are not measured where nothing was tried', () => {
    expect(acceptedByOldPrimary([])).toBeUndefined()
  })

  test('are counted whatever became of the other attempts', () => {
    expect(acceptedByOldPrimary(ended('unanswered', 'accepted', 'accepted'))).toBe(2)
  })
})
