import { LocalApplicationTier, standIn } from '../../../adapters/local/application-tier'
import { describeApplicationTier } from '../../contracts/application-tier'

describeApplicationTier('local', { kind: 'invoke-function', name: 'api', function: 'bring-up' }, () => {
  let sound = true
  const tier = new LocalApplicationTier(
    standIn(async () => {
      if (!sound) throw new Error('no database')
    }),
  )
  return {
    tier,
    started: () => tier.started(),
    settle: () => undefined,
    ail: () => void (sound = false),
    remove: () => tier.close(),
  }
})

it('answers nobody once it is closed', async () => {
  const tier = new LocalApplicationTier(standIn(async () => undefined))
  const hook = { kind: 'invoke-function', name: 'api', function: 'bring-up' } as const
  await tier.bringUp(hook)
  expect(await tier.healthy(hook)).toBe(true)
  await tier.close()
  expect(await tier.healthy(hook)).toBe(false)
})
