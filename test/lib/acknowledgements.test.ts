import { acknowledgements, expiredOn } from '../../lib/acknowledgements'
import { resolvePolicy } from '../../policy'

const register = acknowledgements(resolvePolicy('production'))
const today = new Date().toISOString().slice(0, 10)

test('every acknowledgement says why and who answers for it', () => {
  for (const { reason, owner } of register) {
    expect(reason.length).toBeGreaterThan(30)
    expect(owner).not.toBe('')
  }
})

// The one check that the calendar may fail: here and never at synth, so that an emergency deploy is not held up.
test('no acknowledgement has expired', () => {
  expect(expiredOn(today, register)).toEqual([])
  expect(expiredOn('2099-01-01', register)).toHaveLength(register.length)
})
