import { PROCEDURES, type Procedure } from '../../../core/runbook/procedure'
import { RUNBOOKS } from '../../../core/runbook/runbooks'

const procedureOf = (name: string): Procedure => PROCEDURES.find((procedure) => procedure.name === name)!
const idsOf = (procedure: Procedure): readonly string[] => procedure.steps.map(({ id }) => id)

/** The order that never changes wherever traffic moves. */
const ORDER = [
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
]

describe('the printed procedures', () => {
  it('are those of every runbook that can be executed', () => {
    expect(PROCEDURES.map(({ name }) => name)).toEqual(Object.keys(RUNBOOKS))
  })

  it('keep the order wherever traffic moves, whatever stands between', () => {
    const moving = PROCEDURES.filter((procedure) => idsOf(procedure).includes('switch-traffic'))
    expect(moving.length).toBeGreaterThan(1)
    for (const procedure of moving) {
      const known = idsOf(procedure).filter((id) => ORDER.includes(id))
      expect(known).toEqual(ORDER.filter((id) => known.includes(id)))
      expect(known).toEqual(expect.arrayContaining(['decide', 'fence', 'prove', 'validate', 'replay-ledger', 'open']))
    }
    expect(idsOf(procedureOf('region-failover'))).toEqual(ORDER)
  })

  it('promise an undo only before the point of no return', () => {
    const undoing = (name: string) =>
      procedureOf(name)
        .steps.filter(({ onFailure }) => onFailure.includes('and undo'))
        .map(({ id }) => id)
    expect(undoing('region-failover')).toEqual(['decide', 'claim-epoch', 'fence', 'confirm'])
    expect(undoing('zone-failover')).toEqual(['decide'])
    expect(undoing('failback')).toEqual(['decide', 'close-behind', 'claim-epoch', 'fence', 'confirm', 'catch-up'])
  })

  it.each(PROCEDURES)('say who is asked, when not to use it, and what to do by hand: $name', (procedure) => {
    expect(procedure.whenNotToUse.length).toBeGreaterThan(2)
    expect(procedure.steps.every(({ byHand, undo }) => byHand.length > 20 && undo.length > 5)).toBe(true)
    expect(procedure.steps.find(({ id }) => id === 'decide')?.approval).toContain('a second person')
  })
})
