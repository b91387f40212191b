import { parsePolicy, PolicyError } from '../../../core/policy'
import { merge } from '../../../core/policy/merge'
import { neonpro } from '../../../policy/neonpro'

const refused = (input: unknown): PolicyError => {
  try {
    parsePolicy(input)
  } catch (error) {
    if (error instanceof PolicyError) return error
    throw error
  }
  throw new Error('the policy was accepted')
}

describe('parsePolicy', () => {
  it('refuses an unknown key at any depth', () => {
    const [problem, ...others] = refused(merge(neonpro, { pace: { lease: { durationMinutes: 1 } } })).problems
    expect(problem).toMatchObject({ path: 'pace.lease', rule: 'schema' })
    expect(problem?.problem).toContain('durationMinutes')
    expect(others).toEqual([])
  })

  it('names every wrong field with its value and what to do', () => {
    const error = refused(merge(neonpro, { topology: { accountId: '12' }, application: 'Neon Pro' }))
    expect(error.problems.map(({ path }) => path)).toEqual(['application', 'topology.accountId'])
    expect(error.message).toContain('the policy has 2 problems')
    expect(error.message).toContain('"Neon Pro"')
    expect(error.message).toContain('twelve digits')
  })

  it('refuses to opt out without a reason', () => {
    const error = refused(merge(neonpro, { mechanisms: { replica: { mode: 'none', reason: 'no' } } }))
    expect(error.message).toContain('mechanisms.replica')
  })

  it.each([undefined, null, [], 'policy', {}])('refuses %p', (input) => {
    expect(refused(input).problems.length).toBeGreaterThan(0)
  })
})
