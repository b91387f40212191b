import { projectRollback } from '../../../core/measurement'
import type { Component } from '../../../core/ports/deployments'
import { draftRollback, planDigest, type RollbackFacts, type RollbackPlan } from '../../../core/release/rollback-plan'
import { components, policy, release, versionsOf } from '../../core/runbook/released'

const { putBackSeconds, healthySeconds } = policy.releases

const facts = (change: Partial<RollbackFacts> = {}): RollbackFacts => ({
  environment: 'test',
  wanted: { type: 'full' },
  components,
  inForce: versionsOf('2'),
  newestFirst: [release(2), release(1)],
  putBackSeconds,
  healthySeconds,
  budgetSeconds: 900,
  ...change,
})

const namesOf = ({ changes }: Pick<RollbackPlan, 'changes'>) => changes.map(({ name }) => name)

describe('what a rollback puts back', () => {
  it('is everything that differs, what others need before them and the schema last', () => {
    const plan = draftRollback(facts())
    expect(namesOf(plan)).toEqual(['stacks', 'settings', 'api', 'assets', 'web', 'schema'])
    expect(plan.changes[2]).toEqual({ name: 'api', kind: 'function', from: 'api-2', to: 'api-1', seconds: 15 })
    expect([plan.from?.sequence, plan.to.sequence, plan.staying]).toEqual([2, 1, []])
  })

  it('leaves what is the same', () => {
    const inForce = { ...versionsOf('1'), api: 'api-2', schema: 'schema-2' }
    expect(namesOf(draftRollback(facts({ inForce })))).toEqual(['api', 'schema'])
  })

  it('takes along what cannot serve without a named component, and says for whose sake', () => {
    const plan = draftRollback(facts({ wanted: { type: 'partial', only: ['api'] } }))
    expect(plan.changes.map(({ name, because }) => [name, because])).toEqual([
      ['api', undefined],
      ['web', ['api']],
    ])
  })

  it('is settings alone, and names what stays though it needs them', () => {
    const plan = draftRollback(facts({ wanted: { type: 'config-only' } }))
    expect([namesOf(plan), plan.staying]).toEqual([['settings'], ['api', 'web']])
  })

  it('puts a schema that rises before what needs it, where a rollback is itself rolled back', () => {
    const inForce = { ...versionsOf('1'), schema: '1' }
    const left = { ...release(2), components: { ...versionsOf('2'), schema: '2' } }
    const back = { ...release(3), components: inForce, restores: 1 }
    const plan = draftRollback(
      facts({ inForce, newestFirst: [back, left, release(1)], wanted: { type: 'full', to: 2 } }),
    )
    expect(namesOf(plan)).toEqual(['stacks', 'settings', 'schema', 'api', 'assets', 'web'])
  })

  it('adds up the time of each kind', () => {
    expect(draftRollback(facts()).expectedSeconds).toBe(
      Object.values(putBackSeconds).reduce((sum, seconds) => sum + seconds, 0),
    )
  })

  it.each(['full', 'config-only'] as const)('says of a %s one what a projection of it says', (type) => {
    const { changes, longestSeconds } = draftRollback(facts({ wanted: { type } }))
    const names = changes.map(({ name }) => name)
    expect(longestSeconds).toBe(projectRollback(policy, names).totalSeconds)
  })

  it('of two schemas takes first the one that needs the other', () => {
    const [first] = components.filter(({ kind }) => kind === 'migrations')
    const second: Component = { ...first!, name: 'reports', dependsOn: ['schema'] }
    const all = [...components, second]
    const at = (version: string) => ({ ...versionsOf(version), reports: version })
    const plan = draftRollback(
      facts({
        components: all,
        inForce: at('2'),
        newestFirst: [release(2, { components: at('2') }), release(1, { components: at('1') })],
      }),
    )
    expect(namesOf(plan).slice(-2)).toEqual(['reports', 'schema'])
  })

  it('orders two by what lies between them also where that stays as it is', () => {
    const [settings, api] = ['settings', 'api'].map((name) => components.find((one) => one.name === name)!)
    const jobs: Component = { ...api!, name: 'jobs', dependsOn: ['worker'] }
    const worker: Component = { ...api!, name: 'worker', dependsOn: ['settings'] }
    const at = (version: string) => ({ settings: `settings-${version}`, worker: 'worker-1', jobs: `jobs-${version}` })
    const plan = draftRollback(
      facts({
        components: [jobs, worker, settings!],
        inForce: at('2'),
        newestFirst: [release(2, { components: at('2') }), release(1, { components: at('1') })],
      }),
    )
    expect(namesOf(plan)).toEqual(['settings', 'jobs'])
  })

  it.each([
    ['nothing differs', facts({ wanted: { type: 'full', to: 2 } }), 'NOTHING_TO_PUT_BACK'],
    [
      'no settings differ',
      facts({ inForce: { ...versionsOf('2'), settings: 'settings-1' }, wanted: { type: 'config-only' } }),
      'NOTHING_TO_PUT_BACK',
    ],
    [
      'nothing was ever healthy',
      facts({ newestFirst: [release(2), release(1, { health: 'unhealthy' })] }),
      'NO_RELEASE_TO_RETURN_TO',
    ],
    ['nothing is on record', facts({ newestFirst: [] }), 'NO_RELEASE_TO_RETURN_TO'],
    ['a release is named that nobody knows', facts({ wanted: { type: 'full', to: 7 } }), 'RELEASE_UNKNOWN'],
  ])('is refused where %s', (_, given, code) => {
    expect(() => draftRollback(given)).toThrow(expect.objectContaining({ failure: 'conflict', code }))
  })
})

describe('where a rollback goes back to', () => {
  const target = (change: Partial<RollbackFacts>) => draftRollback(facts(change)).to.sequence

  it('is the last healthy release before the newest', () => {
    const newestFirst = [release(3), release(2, { health: 'unhealthy' }), release(1)]
    expect(target({ inForce: versionsOf('3'), newestFirst })).toBe(1)
  })

  it('is the newest one where something is in force that nobody recorded', () => {
    expect(target({ inForce: { ...versionsOf('2'), api: 'api-3' } })).toBe(2)
  })

  it('stays the one before while a rollback is half done', () => {
    expect(target({ inForce: { ...versionsOf('2'), api: 'api-1', settings: 'settings-1' } })).toBe(1)
  })

  it('is no release that a rollback has left, unless it is named', () => {
    const back = release(3, { components: versionsOf('1'), restores: 1 })
    const later = { inForce: versionsOf('4'), newestFirst: [release(4), back, release(2), release(1)] }
    expect(target(later)).toBe(3)
    const again = { inForce: versionsOf('1'), newestFirst: [back, release(2), release(1)] }
    expect(() => target(again)).toThrow(expect.objectContaining({ code: 'NO_RELEASE_TO_RETURN_TO' }))
    expect(target({ ...again, wanted: { type: 'full', to: 2 } })).toBe(2)
  })

  it('is a healthy release that was never left, not one that a second rollback has passed', () => {
    const newestFirst = [
      release(5, { components: versionsOf('1'), restores: 3 }),
      release(4),
      release(3, { components: versionsOf('1'), restores: 1 }),
      release(2),
      release(1),
      release(0, { components: versionsOf('0') }),
    ]
    expect(target({ inForce: versionsOf('1'), newestFirst })).toBe(0)
  })

  it('does not mind a component that came after every record', () => {
    const one = { ...components[0]!, name: 'new', dependsOn: [] } as Component
    expect(target({ components: [...components, one], inForce: { ...versionsOf('2'), new: '1' } })).toBe(1)
  })
})

it('has one digest for the same platform and wish, and another for any other', () => {
  const digest = (change: Partial<RollbackFacts> = {}) => planDigest({ ...draftRollback(facts(change)), obstacles: [] })
  expect(digest()).toBe(digest())
  const others = [
    digest({ inForce: { ...versionsOf('2'), api: 'api-1' } }),
    digest({ wanted: { type: 'partial', only: ['api'] } }),
    digest({ newestFirst: [release(2, { tag: 'v2.0.0' }), release(1)] }),
    planDigest({ ...draftRollback(facts()), obstacles: [{ component: 'schema', code: 'IRREVERSIBLE', what: 'one' }] }),
  ]
  expect(new Set([digest(), ...others]).size).toBe(others.length + 1)
})
