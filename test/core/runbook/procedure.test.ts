import { PROCEDURES } from '../../../core/runbook/procedure'
import { regionFailover } from '../../../core/runbook/region-failover'

describe('the printed procedure', () => {
  const [procedure] = PROCEDURES

  it('has every step in the order that never changes', () => {
    expect(procedure?.steps.map(({ id }) => id)).toEqual([
      'decide',
      'claim-epoch',
      'fence',
      'confirm',
      'promote',
      'prove',
      'switch-traffic',
      'validate',
      'replay-ledger',
      'bring-up',
      'open',
      'serve',
      'report',
    ])
    expect(procedure?.steps.map(({ id }) => id)).toEqual(regionFailover.steps.map(({ id }) => id))
  })

  it('promises an undo only before the promotion', () => {
    const undoing = procedure?.steps.filter(({ onFailure }) => onFailure.includes('and undo')).map(({ id }) => id)
    expect(undoing).toEqual(['decide', 'claim-epoch', 'fence', 'confirm'])
  })

  it('says who is asked, when not to use it, and what to do by hand', () => {
    expect(procedure?.whenNotToUse.length).toBeGreaterThan(0)
    expect(procedure?.steps.every(({ byHand, undo }) => byHand.length > 20 && undo.length > 5)).toBe(true)
    expect(procedure?.steps.filter(({ approval }) => approval !== 'none').map(({ id }) => id)).toEqual([
      'decide',
      'fence',
      'validate',
    ])
  })
})
