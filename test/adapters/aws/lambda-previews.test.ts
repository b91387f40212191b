import { LambdaClient } from '@aws-sdk/client-lambda'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { LambdaPreviews } from '../../../adapters/aws/lambda-previews'
import type { RunState } from '../../../core/runbook/model'
import { previewSteps } from '../../../core/runbook/plan/previews'
import { newRun } from '../../../core/runbook/reducer'
import { regionFailover } from '../../../core/runbook/region-failover'
import { failover } from '../../core/runbook/failover'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const fresh = newRun(regionFailover, { ...failover(), mode: 'dry-run' }, new Date('2026-01-01T00:00:00.000Z'))
const previews = () =>
  new LambdaPreviews(new LambdaClient(clientSettings('eu-west-1')), (held) => `runbook-${held}`, 5000)

/** A function that has looked. */
const looked = (payload: unknown): RunState => {
  const run = payload as RunState
  const step = run.cursor.state
  return {
    ...run,
    cursor: { state: 'next', waitSeconds: 0 },
    steps: { ...run.steps, [step]: { status: 'done', attempt: 1, output: { looked: step } } },
  }
}

it('asks the function of each step with a dry run, and never for what reads every table', async () => {
  for (const held of new Set(regionFailover.steps.map(({ privilege }) => privilege)))
    aws.current.lambda.functions.set(`eu-west-1/runbook-${held}`, (payload) => {
      expect(payload).toMatchObject({ mode: 'dry-run' })
      return JSON.parse(JSON.stringify(looked(payload)))
    })
  const seen = await previewSteps(regionFailover, previews(), fresh)
  expect(seen.get('promote')).toEqual({ seen: { looked: 'promote' } })
  expect(seen.get('validate')).toEqual({ notSeen: 'LEFT_TO_THE_RUN' })
  expect([...seen].filter(([, preview]) => 'notSeen' in preview).map(([step]) => step)).toEqual(['validate'])
})

it('says of a function that fails that nothing was seen', async () => {
  aws.current.lambda.functions.set('eu-west-1/runbook-promote', () => {
    throw new Error('PORT_BROKEN')
  })
  const seen = await previewSteps(regionFailover, previews(), fresh, (step) => step === 'promote')
  expect(seen.get('promote')).toEqual({ notSeen: expect.stringMatching(/^[A-Z_]+$/) })
})
