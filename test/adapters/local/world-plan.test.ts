import { planWorld } from '../../../adapters/local/world-plan'
import { PRESETS } from '../../policy/presets'

test('a world of two regions refuses a policy that has one, before anything is started', async () => {
  const options = { rows: 1, replication: 'async' } as const
  await expect(planWorld({ policy: PRESETS['brazil-only'], ...options })).rejects.toThrow('needs a recovery region')
  await expect(planWorld({ policy: PRESETS['us-east-2'], ...options })).resolves.toMatchObject({
    regions: { recovery: 'us-east-2' },
  })
})
