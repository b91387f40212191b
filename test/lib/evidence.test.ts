import { parsePolicy } from '../../core/policy'
import { IRREVERSIBLE } from '../../core/policy/irreversible'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

/** Object lock of the evidence bucket of each region. */
function locksOf(lock: object): Readonly<Record<string, unknown>> {
  const stacks = synthesize(parsePolicy({ ...resolvePolicy('test'), evidence: { lock } }))
  const evidence = resourcesOf(stacks, 'AWS::S3::Bucket').filter(({ id }) => /-evidence-\w+\/Evidence/.test(id))
  return Object.fromEntries(evidence.map(({ region, Properties }) => [region, Properties?.['ObjectLockConfiguration']]))
}

test.each([
  ['GOVERNANCE', { mode: 'governance' }],
  ['COMPLIANCE', { mode: 'compliance', irreversibleAcknowledgement: IRREVERSIBLE }],
])('evidence has a %s lock in every region when the policy says so', (Mode, lock) => {
  // Two calendar years have at most 731 days.
  const expected = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 731, Mode } } }
  expect(locksOf(lock)).toEqual({ 'sa-east-1': expected, 'eu-west-1': expected, 'eu-central-1': expected })
})
