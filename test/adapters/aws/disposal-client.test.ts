import { carryOutDisposal } from '../../../adapters/aws/disposal-client'
import { resolvePolicy } from '../../../policy'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const policy = resolvePolicy('production')

it('has the function of the region carry it out', async () => {
  const seen: unknown[] = []
  aws.current.lambda.functions.set('sa-east-1/neonpro-production-archive-disposal', (payload) => {
    seen.push(payload)
    return { versions: 3 }
  })
  expect(await carryOutDisposal(policy, process.env, 'primary', 'd-1')).toEqual({ versions: 3 })
  expect(seen).toEqual([{ disposal: 'd-1' }])
})

it('says with which code the function refused', async () => {
  aws.current.lambda.functions.set('eu-west-1/neonpro-production-archive-disposal', () => {
    throw new Error('RETENTION_RUNS')
  })
  await expect(carryOutDisposal(policy, process.env, 'recovery', 'd-1')).rejects.toMatchObject({
    failure: 'unreachable',
    message: expect.stringContaining('failed with RETENTION_RUNS'),
  })
})

it('repeats nothing that somebody may have to be told of', async () => {
  aws.current.lambda.functions.set('eu-west-1/neonpro-production-archive-disposal', () => {
    throw new Error('the patient is')
  })
  const refused = carryOutDisposal(policy, process.env, 'recovery', 'd-1')
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('patient') })
})
