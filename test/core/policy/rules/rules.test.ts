import { parsePolicy, PolicyError, RULES } from '../../../../core/policy'
import { neonpro } from '../../../../policy/neonpro'
import { EXAMPLES } from './examples'

const problemsOf = (input: unknown) => {
  try {
    parsePolicy(input)
    return []
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
}

describe('the rules', () => {
  it('accept the policy that every example starts from', () => {
    expect(problemsOf(neonpro)).toEqual([])
  })

  it.each(EXAMPLES)('$rule refuses what breaks it at $path, and no other rule does', ({ rule, path, broken }) => {
    const problems = problemsOf(broken)
    expect([...new Set(problems.map((problem) => problem.rule))]).toEqual([rule])
    const found = problems.find((problem) => problem.path === path)
    expect(found).toBeDefined()
    expect(found?.problem).not.toBe('')
    expect(found?.fix).not.toBe('')
  })

  it('each have an example, a name of their own and a promise', () => {
    expect(RULES.map(({ id }) => id).filter((id) => !EXAMPLES.some(({ rule }) => rule === id))).toEqual([])
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length)
    for (const { promise } of RULES) expect(promise.length).toBeGreaterThan(10)
  })

  it('are many, and more than fifteen compare fields with each other', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(25)
    expect(RULES.filter(({ reads }) => reads.length > 1).length).toBeGreaterThanOrEqual(15)
  })

  it('are reported all at once', () => {
    const broken = structuredClone(neonpro)
    broken.database.tlsMinimum = 'TLSv1.2'
    broken.backup.coldStorageAfterDays = 30
    broken.dataClasses.phi.retentionYears = 5
    expect(problemsOf(broken).map(({ rule }) => rule)).toEqual([
      'databaseHasNoColdStorage',
      'tlsMatchesTheStandard',
      'medicalRecordsKeptByLaw',
    ])
  })
})
