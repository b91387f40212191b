import type { Assembly } from '../../../core/posture/assembly'
import { parsePosture, postureOf, renderPosture } from '../../../core/posture/baseline'
import { weakenings } from '../../../core/posture/diff'

const assembly: Assembly = {
  stacks: [
    {
      stack: 'data',
      region: 'sa-east-1',
      terminationProtection: true,
      sections: { Conditions: { Never: false } },
      resources: {
        Files: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: 'files', Tags: [{ Key: 'backup', Value: 'yes' }] },
          DeletionPolicy: 'Retain',
        },
        Work: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Key: 'one' },
            Timeout: 30,
            Environment: { Variables: { POLICY_HASH: '1', TO: 'a' } },
          },
        },
        Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{}' } },
      },
    },
  ],
  policy: { environment: 'test', objectives: { rpo: { patientMinutes: 5 } }, database: { instanceClass: 'small' } },
}
const baseline = postureOf(assembly)

it('holds nothing that is harmless, so that it changes with the posture alone', () => {
  expect(baseline).toEqual({
    stacks: [
      {
        ...assembly.stacks[0],
        resources: {
          Files: assembly.stacks[0]!.resources['Files'],
          Work: {
            Type: 'AWS::Lambda::Function',
            Properties: { Timeout: 30, Environment: { Variables: { TO: 'a' } } },
          },
        },
      },
    ],
    policy: { environment: 'test', objectives: { rpo: { patientMinutes: 5 } }, database: {} },
  })
})

it('is read as it was written, with a line for each resource', () => {
  const text = renderPosture(baseline)
  expect(parsePosture(text)).toEqual(baseline)
  expect(text.split('\n').filter((line) => line.startsWith('"Files"') || line.startsWith('"Work"'))).toHaveLength(2)
  expect(() => parsePosture('{}')).toThrow()
})

it('shows what an assembly lost since', () => {
  expect(weakenings(baseline, assembly)).toEqual([])
  const { Files, ...others } = assembly.stacks[0]!.resources
  const weaker = {
    ...assembly,
    stacks: [{ ...assembly.stacks[0]!, resources: { ...others, Files: { ...Files!, DeletionPolicy: 'Delete' } } }],
  }
  expect(weakenings(baseline, weaker).map(({ path }) => path)).toEqual(['DeletionPolicy'])
})
