import { explain, leafPaths, nearestPaths } from '../../../core/policy'
import { neonpro } from '../../../policy/neonpro'

describe('explain', () => {
  it('tells value, meaning with its unit, and the rules that read the field', () => {
    expect(explain(neonpro, 'pace.dns.ttlSeconds')).toEqual({
      path: 'pace.dns.ttlSeconds',
      value: 60,
      meaning: 'how long a client may remember the served name; seconds',
      rules: [expect.objectContaining({ id: 'switchOutlastsTheCache' })],
    })
  })

  it('has a meaning for every field, also inside unions and lists', () => {
    const silent = leafPaths(neonpro).filter(
      (path) => explain(neonpro, path)?.meaning === explain(neonpro, 'topology')?.meaning,
    )
    expect(silent).toEqual([])
  })

  it.each(['', 'nowhere', 'pace.lease.duration', 'pace.toString', 'application.length', '__proto__'])(
    'knows no path %p',
    (path) => expect(explain(neonpro, path)).toBeUndefined(),
  )

  it('proposes what was probably meant', () => {
    expect(nearestPaths(neonpro, 'pace.lease.duration')[0]).toBe('pace.lease.durationSeconds')
    expect(nearestPaths(neonpro, 'objectives.rpo.patientMinuts')[0]).toBe('objectives.rpo.patientMinutes')
  })
})
