import { regionFailover } from '../../core/runbook/region-failover'
import { requireProviders } from '../../emulator/required-providers'

const PROVIDERS = [
  'DynamoDB of MiniStack',
  'RDS of moto',
  'S3 and Route 53 of MiniStack',
  'S3 and KMS of MiniStack',
  'PostgreSQL',
  'secrets in folders',
  'stand-in of the application',
]
const ran = regionFailover.steps.map(({ id }) => ({ step: id, outcome: 'done', ranAgainst: PROVIDERS }))

it('accepts a drill in which every step went through what it has to', () => {
  expect(() => requireProviders(ran)).not.toThrow()
})

it.each(regionFailover.steps.map(({ id }) => id))(
  'refuses one in which %s ran against nothing, or not at all',
  (id) => {
    const idle = ran.map((step) => (step.step === id ? { ...step, ranAgainst: [] } : step))
    expect(() => requireProviders(idle)).toThrow(`'${id}' ran without`)
    expect(() => requireProviders(ran.filter(({ step }) => step !== id))).toThrow(`'${id}' did not run`)
  },
)

it('refuses a step of the runbook that nobody thought of', () => {
  expect(() => requireProviders(ran, {})).toThrow(`'decide' is not in emulator/required-providers.ts`)
})
