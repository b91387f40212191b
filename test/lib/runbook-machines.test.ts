import { withRecoveryRegion } from '../../core/policy'
import { PRIVILEGES } from '../../core/runbook/model'
import { Names } from '../../lib/names'
import { runbooksOf } from '../../lib/runbook-machines'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { resourcesOf, synthesize } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const inRegion = (role: 'primary' | 'recovery' | 'witness', type: string) =>
  resourcesOf(stacks, type).filter(({ region }) => region === names.region(role))

/** Where the history is, the database that was attacked, or the account. */
const EVERYWHERE = [
  'point-in-time-recovery',
  'restore-test',
  'isolate-and-recover',
  'compliance-remediation',
  'rollback',
]

describe.each(['primary', 'recovery'] as const)('the runbooks of the %s region', (role) => {
  const machines = inRegion(role, 'AWS::StepFunctions::StateMachine').map(({ Properties }) =>
    JSON.stringify(Properties),
  )

  it('are those whose successor can stand there', () => {
    const expected = {
      primary: ['zone-failover', 'failback', ...EVERYWHERE],
      recovery: ['zone-failover', 'region-failover', ...EVERYWHERE],
    }
    expect(runbooksOf(names, role)).toEqual(expected[role])
    for (const runbook of expected[role])
      expect(machines.filter((text) => text.includes(`"StateMachineName":"${names.function(runbook)}"`))).toHaveLength(
        1,
      )
  })

  it('call functions of their own region, which are all there', () => {
    const deployed = inRegion(role, 'AWS::Lambda::Function').map(({ Properties }) => Properties?.['FunctionName'])
    for (const privilege of PRIVILEGES) expect(deployed).toContain(names.function(`runbook-${privilege}`))
    const runbooks = machines.filter((text) => text.includes(':function:') && text.includes('runbook-'))
    expect(runbooks).toHaveLength(7)
    for (const text of runbooks) {
      const called = [...text.matchAll(/arn:aws:lambda:([a-z0-9-]+):\d+:function:/g)].map(([, region]) => region)
      expect(new Set(called)).toEqual(new Set([names.region(role)]))
    }
  })
})

test('neither the witness nor a topology of one region executes any', () => {
  expect(runbooksOf(names, 'witness')).toEqual([])
  expect(runbooksOf(new Names(PRESETS['brazil-only']), 'primary')).toEqual([])
})
